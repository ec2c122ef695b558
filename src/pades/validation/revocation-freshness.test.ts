import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type SigningWorld, startSigningWorld } from '../../../test/support/signing-world.ts'
import { ocspAnswers } from '../../../test/support/trust-answers.ts'
import type { Behaviour, ServiceId } from '../../../test/support/trust-services.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { buildOcspRequest, type Extension, gatherStatus, httpExchange, OID, readCertificate } from '../../pki/index.ts'

const DAY_MS = 86_400_000
const NOON = '2026-11-20T12:00:00Z'
const pdf = buildPdf('table')
const exchange = httpExchange({ timeoutMs: 2000, attempts: 1 })

let world: SigningWorld
beforeEach(async () => {
  world = await startSigningWorld()
  world.setTime(NOON)
})
afterEach(() => world[Symbol.asyncDispose]())

describe('what is not known of revocation is never taken for good', () => {
  test.each<[string, ServiceId, Behaviour]>([
    ['a responder that does not know the certificate', 'ocsp/issuing', 'unknown'],
    ['a responder that asks to come back later', 'ocsp/issuing', 'tryLater'],
    ['a stale answer', 'ocsp/issuing', 'stale'],
    ['an answer by somebody else', 'ocsp/issuing', 'wrongSigner'],
    ['an answer that cannot be read', 'ocsp/issuing', 'malformed'],
    ['a responder that is down', 'ocsp/issuing', 'down'],
    ['the same for the authority above', 'ocsp/root', 'unknown'],
  ])('%s', async (_, service, behaviour) => {
    world.services.behave(service, behaviour)
    world.services.behave(service === 'ocsp/root' ? 'crl/root' : 'crl/issuing', 'down')
    const report = await world.judged(await world.signed(pdf, 'B-B', world.person()), NOON, world.online)
    expect(report).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'TRY_LATER' })
  })

  test('nobody to ask', async () => {
    const report = await world.judged(await world.signed(pdf, 'B-B', world.person()), NOON)
    expect(report).toMatchObject({
      indication: 'INDETERMINATE',
      subIndication: 'TRY_LATER',
      reason: { code: 'chain.revocation_unknown' },
    })
  })

  test('evidence that cannot be read is named', async () => {
    const bytes = await world.signed(pdf, 'B-B', world.person())
    const unreadable = [Buffer.from('3003020100', 'hex')]
    const report = await world.report(bytes, NOON, { evidence: { ocsps: unreadable, crls: unreadable } })
    expect(report.findings.map(({ code }) => code)).toEqual(['evidence.ocsp_unreadable', 'evidence.crl_unreadable'])
    expect(report.indication).toBe('INDETERMINATE')
  })
})

describe('a revocation', () => {
  test('of the authority', async () => {
    const bytes = await world.signed(pdf, 'B-B', world.person())
    world.services.revoke(world.services.authority.issuing, new Date('2026-11-01T00:00:00Z'), 'cACompromise')
    const report = await world.judged(bytes, NOON, world.online)
    expect(report).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_CA_NO_POE' })
    expect(report.chain[1]?.revocation).toMatchObject({ status: 'revoked', reason: 'cACompromise', source: 'network' })
  })

  test('that stands in a list, when no responder answers', async () => {
    const person = world.person()
    const bytes = await world.signed(pdf, 'B-B', person)
    world.services.revoke(person, new Date('2026-11-01T00:00:00Z'))
    world.services.behave('ocsp/issuing', 'down')
    const report = await world.judged(bytes, NOON, world.online)
    expect(report).toMatchObject({ subIndication: 'REVOKED_NO_POE', chain: [{ revocation: { kind: 'crl' } }, {}, {}] })
  })

  test('outweighs a newer answer that does not know of it', async () => {
    const person = world.person()
    const bytes = await world.signed(pdf, 'B-B', person)
    const [issuer, anchor] = world.services.chain.map(readCertificate)
    if (!issuer || !anchor) throw new Error('the hierarchy has two authorities')
    const subject = { certificate: readCertificate(person.certificate), issuer }
    const asked = (kind: 'ocsp' | 'crl') => gatherStatus(subject, { exchange, now: world.services.now, wanted: [kind] })
    const above = await gatherStatus({ certificate: issuer, issuer: anchor }, { exchange, now: world.services.now })
    const good = await asked('ocsp')
    world.setTime('2026-11-20T11:00:00Z')
    world.services.revoke(person, new Date('2026-11-01T00:00:00Z'), 'keyCompromise')
    const revoked = await asked('crl')
    const ocsps = [above.der, good.der]
    expect(await world.judged(bytes, NOON, { evidence: { ocsps } })).toMatchObject({ indication: 'TOTAL-PASSED' })
    const report = await world.judged(bytes, NOON, { evidence: { ocsps, crls: [revoked.der] } })
    expect(report).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOKED_NO_POE' })
  })
})

describe('an answer whose responder has expired', () => {
  const LATER = '2027-06-01T12:00:00Z'

  /** An answer that is good for two years, by a responder whose certificate ends in 2027. */
  function answerFor(person: { readonly certificate: Uint8Array }): Uint8Array {
    const { authority, now } = world.services
    const issuing = authority.ocspSigner('P-256', { notAfter: new Date('2027-01-01T00:00:00Z') })
    const hierarchy = { ...authority, ocsp: { ...authority.ocsp, issuing } }
    const revoked = { root: new Map(), issuing: new Map() }
    const answers = ocspAnswers({ hierarchy, now, revoked, lifetimeMs: 2 * 365 * DAY_MS }, 'issuing')
    const issuer = readCertificate(authority.issuing.certificate)
    return answers(buildOcspRequest({ certificate: readCertificate(person.certificate), issuer }))
  }

  test('is no longer relied upon without a proof of when it existed', async () => {
    const person = world.person()
    const bytes = await world.signed(pdf, 'B-B', person)
    const evidence = { ocsps: [answerFor(person)] }
    world.services.behave('ocsp/issuing', 'down')
    world.services.behave('crl/issuing', 'down')
    expect(await world.judged(bytes, NOON, { ...world.online, evidence })).toMatchObject({ indication: 'TOTAL-PASSED' })
    world.setTime(LATER)
    const report = await world.judged(bytes, LATER, { ...world.online, evidence })
    expect(report).toMatchObject({ indication: 'INDETERMINATE', subIndication: 'REVOCATION_OUT_OF_BOUNDS_NO_POE' })
  })
})

test('a certificate that says that nobody answers for it needs no status', async () => {
  const says = (id: string): Extension => ({ id, critical: false, value: Buffer.from('0500', 'hex') })
  for (const id of [OID.noRevAvail, OID.validityAssuredShortTerm]) {
    const spoil: NonNullable<Parameters<SigningWorld['person']>[1]>['spoil'] = (template) => ({
      ...template,
      extensions: [...template.extensions, says(id)],
    })
    const bytes = await world.signed(pdf, 'B-B', world.person('P-256', { spoil }))
    const report = await world.judged(bytes, NOON, world.online)
    expect(report).toMatchObject({
      indication: 'TOTAL-PASSED',
      chain: [{ revocation: { status: 'not_needed' } }, {}, {}],
    })
    expect(world.services.requests['ocsp/issuing']).toBe(0)
  }
})
