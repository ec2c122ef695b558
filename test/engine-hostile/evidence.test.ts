import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PlainPolicy } from '../../src/pades/index.ts'
import { catalog, signedByAna } from '../../src/pades/testing/attacks/samples.ts'
import {
  appended,
  ana as plainAna,
  authority as plainAuthority,
  signed,
  signers,
} from '../../src/pades/testing/signing.ts'
import { buildPdf, stream } from '../../src/pdf/testing/pdf-builder.ts'
import { basicConstraints, extendedKeyUsage, keyUsage, NULL, OID } from '../../src/pki/index.ts'
import {
  type Holder,
  type IssueInput,
  NOW,
  newAuthority,
  ocspSignerExtensions,
  signerOf,
} from '../../src/pki/testing/authority.ts'
import {
  hours,
  listAnswer,
  listEntry,
  type OcspParts,
  ocspAnswer,
  revokedStatus,
  subjectOf,
  UNKNOWN,
} from '../../src/pki/testing/status-answers.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { hostileFiles } from '../support/hostile-confinement.ts'
import { verdictText } from '../support/hostile-reports.ts'
import { type SigningWorld, startSigningWorld } from '../support/signing-world.ts'

/* Revocation, time, and size: what is not known for sure is never called valid. */

const files = await hostileFiles('evidence')
const pdf = buildPdf('table')
const { issuing, root } = plainAuthority
const responder = plainAuthority.ocspSigner()
const subject = subjectOf(plainAna, issuing)
const authorityStatus = listAnswer({ issuer: root })
const good: OcspParts = { subject, signer: responder }

async function verdictOf(file: Bytes, policy: PlainPolicy, timeMs?: number): Promise<string> {
  return verdictText(await files.look('judge', file, { policy }, timeMs))
}

/** The verdict over a signature of Ana's when this is all that is known. */
async function withAnswers(ocsps: readonly Bytes[], crls: readonly Bytes[] = [], time = NOW): Promise<string> {
  const evidence = { ocsps, crls: [authorityStatus, ...crls] }
  return await verdictOf(await signed(pdf, signers.ana), { trustAnchors: [root.certificate], time, evidence })
}

const answer = (parts: Partial<OcspParts>) => ocspAnswer({ ...good, ...parts })
const service = (extensions: IssueInput['extensions'], more: Partial<IssueInput> = {}): Holder =>
  plainAuthority.ocspSigner('P-256', { extensions, ...more })

describe('about a certificate', () => {
  test('a right answer is believed', async () => {
    expect(await withAnswers([answer({})])).toBe('TOTAL-PASSED')
    expect(await withAnswers([], [listAnswer({ issuer: issuing })])).toBe('TOTAL-PASSED')
  })

  const stranger = newAuthority()
  const usual = ocspSignerExtensions
  test.each<[string, readonly Bytes[], readonly Bytes[], string]>([
    ['nothing is known', [], [], 'INDETERMINATE TRY_LATER chain.revocation_unknown'],
    [
      'the responder knows nothing',
      [answer({ single: { status: UNKNOWN } })],
      [],
      'INDETERMINATE TRY_LATER revocation.unknown_certificate',
    ],
    [
      'the answer is old',
      [answer({ producedAt: hours(-48), single: { thisUpdate: hours(-48), nextUpdate: hours(-24) } })],
      [],
      'INDETERMINATE TRY_LATER revocation.stale',
    ],
    ['a stranger answers', [answer({ signer: stranger.ocspSigner() })], [], 'INDETERMINATE TRY_LATER revocation.'],
    ['the person answers', [answer({ signer: plainAna })], [], 'INDETERMINATE TRY_LATER revocation.'],
    [
      'another person answers',
      [answer({ signer: plainAuthority.person('Eva Soto') })],
      [],
      'INDETERMINATE TRY_LATER revocation.',
    ],
    [
      'a key for everything answers',
      [
        answer({
          signer: service([
            basicConstraints({ ca: false }),
            keyUsage('digitalSignature'),
            extendedKeyUsage([OID.anyExtendedKeyUsage]),
            { id: OID.ocspNoCheck, critical: false, value: NULL },
          ]),
        }),
      ],
      [],
      'INDETERMINATE TRY_LATER revocation.',
    ],
    [
      'a responder of the root answers',
      [answer({ signer: service(usual, { issuer: root }) })],
      [],
      'INDETERMINATE TRY_LATER revocation.',
    ],
    [
      'a responder whose own status nobody knows answers',
      [answer({ signer: service(usual.slice(0, 3)) })],
      [],
      'INDETERMINATE TRY_LATER revocation.responder',
    ],
    [
      'a responder that had ended answers',
      [answer({ signer: service(usual, { notAfter: new Date('2026-02-01Z') }) })],
      [],
      'INDETERMINATE ',
    ],
    [
      'the answer is about another',
      [ocspAnswer({ ...good, subject: subjectOf(plainAuthority.person('Eva Soto'), issuing) })],
      [],
      'INDETERMINATE TRY_LATER chain.revocation_unknown',
    ],
    [
      'the answer is of a time to come',
      [answer({ producedAt: hours(48), single: { thisUpdate: hours(48), nextUpdate: hours(72) } })],
      [],
      'INDETERMINATE TRY_LATER revocation.',
    ],
    ['the answer was altered', [spoilt(answer({}))], [], 'INDETERMINATE TRY_LATER revocation.'],
    [
      'the list is old',
      [],
      [listAnswer({ issuer: issuing, thisUpdate: hours(-48), nextUpdate: hours(-24) })],
      'INDETERMINATE TRY_LATER revocation.stale',
    ],
    [
      'the list never ends',
      [],
      [listAnswer({ issuer: issuing, nextUpdate: undefined })],
      'INDETERMINATE TRY_LATER revocation.no_next_update',
    ],
    ['the list is of the root', [], [listAnswer({ issuer: root })], 'INDETERMINATE TRY_LATER chain.revocation_unknown'],
    [
      'the list is signed by a responder',
      [],
      [listAnswer({ issuer: issuing, signer: responder })],
      'INDETERMINATE TRY_LATER revocation.bad_signature',
    ],
    [
      'it is said to be revoked',
      [answer({ single: { status: revokedStatus(hours(-1)) } })],
      [],
      'INDETERMINATE REVOKED_NO_POE chain.revoked',
    ],
    [
      'one says good, and a newer one revoked',
      [
        answer({}),
        answer({ producedAt: hours(1), single: { thisUpdate: hours(1), status: revokedStatus(hours(-1)) } }),
      ],
      [],
      'INDETERMINATE REVOKED_NO_POE chain.revoked',
    ],
    [
      'one says revoked, and a newer one good',
      [
        answer({ producedAt: hours(-1), single: { thisUpdate: hours(-1), status: revokedStatus(hours(-2)) } }),
        answer({}),
      ],
      [],
      'INDETERMINATE REVOKED_NO_POE chain.revoked',
    ],
    [
      'the answer says good and the list revoked',
      [answer({})],
      [listAnswer({ issuer: issuing, entries: listEntry(subject.certificate.serial) })],
      'INDETERMINATE REVOKED_NO_POE chain.revoked',
    ],
    [
      'it will be revoked at a time to come',
      [answer({ single: { status: revokedStatus(hours(24)) } })],
      [],
      'INDETERMINATE REVOKED_NO_POE chain.revoked',
    ],
  ])('%s', async (_, ocsps, crls, expected) => {
    const said = await withAnswers(ocsps, crls)
    expect(said.slice(0, expected.length)).toBe(expected)
    expect(said).not.toContain('PASSED')
  })

  test('hundreds of answers of strangers change nothing and cost little', async () => {
    const noise = Array.from({ length: 200 }, (_, i) =>
      answer({ signer: stranger.ocspSigner(), producedAt: hours(i / 1000) }),
    )
    expect(await withAnswers([...noise, answer({})])).toBe('TOTAL-PASSED')
  })
})

describe('in the course of years', () => {
  let world: SigningWorld
  beforeAll(async () => {
    world = await startSigningWorld()
    world.setTime('2026-11-20T12:00:00Z')
  })
  afterAll(() => world[Symbol.asyncDispose]())

  const judge = async (file: Bytes, time: string) =>
    await verdictOf(file, { trustAnchors: world.services.chain.slice(1), time: new Date(time) })

  test('a signature with proof outlives its certificate, and one without does not', async () => {
    const [plain, kept] = [
      await world.signed(pdf, 'B-B', world.person()),
      await world.signed(pdf, 'B-LTA', world.person()),
    ]
    expect(await judge(kept, '2029-06-01T00:00:00Z')).toBe('TOTAL-PASSED')
    expect(await judge(plain, '2029-06-01T00:00:00Z')).toBe('INDETERMINATE OUT_OF_BOUNDS_NO_POE chain.expired')
  })

  test('a revocation after the proof changes nothing, and one before it all', async () => {
    const person = world.person()
    const kept = await world.signed(pdf, 'B-LTA', person)
    world.services.revoke(person, new Date('2026-12-01T00:00:00Z'))
    world.setTime('2026-12-02T00:00:00Z')
    const again = await world.signed(pdf, 'B-T', person)
    const asked = async (file: Bytes) => (await world.judged(file, '2026-12-02T01:00:00Z', world.online)).indication
    expect([await asked(kept), await asked(again)]).toEqual(['TOTAL-PASSED', 'INDETERMINATE'])
    world.setTime('2026-11-20T12:00:00Z')
  })

  test('a certificate that was born after the time-stamp is no signer', async () => {
    const late = world.person('P-256', { notBefore: new Date('2027-01-01Z') })
    const file = await world.signed(pdf, 'B-T', late)
    expect(await judge(file, '2027-02-01T00:00:00Z')).not.toContain('PASSED')
  })
})

describe('of a great size', () => {
  const trust = { trustAnchors: [root.certificate], time: NOW, revocation: 'none' } as const

  test.each([25, 51])('%i signatures are all reported', { timeout: 60_000 }, async (count) => {
    let file = buildPdf('table')
    for (let i = 0; i < count; i++) file = await signed(file, Object.values(signers)[i % 4] ?? signers.ana)
    const report = await files.look('judge', file, { policy: trust }, 10_000)
    const verdicts = 'signatures' in report ? report.signatures.map(({ indication }) => indication) : []
    expect(verdicts).toEqual(Array(count).fill('TOTAL-PASSED'))
  })

  test('a store of eleven megabytes of lists is read', { timeout: 60_000 }, async () => {
    const entries = Buffer.concat(Array.from({ length: 340_000 }, (_, i) => listEntry(serialOf(i))))
    const crls = [authorityStatus, listAnswer({ issuer: issuing, entries })]
    const first = await signedByAna()
    const store = { 1: catalog('/DSS 90 0 R'), 90: '<</CRLs[91 0 R 92 0 R]>>' }
    const streams = crls.map((der, i) => [91 + i, stream(Buffer.from(der).toString('latin1'))])
    const file = appended(first, { ...store, ...Object.fromEntries(streams) })
    expect(file.length).toBeGreaterThan(11_000_000)
    expect(await verdictOf(file, { trustAnchors: [root.certificate], time: NOW }, 10_000)).toBe('TOTAL-PASSED')
  })
})

function spoilt(der: Bytes): Bytes {
  const out = Buffer.from(der)
  const at = Math.floor(out.length / 3)
  out.writeUInt8(out.readUInt8(at) ^ 1, at)
  return out
}

function serialOf(number: number): Bytes {
  const serial = Buffer.alloc(16, 1)
  serial.writeUInt32BE(number + 1)
  return serial
}

// A chain of another authority must not count for this one.
test('an answer about the same serial number by another authority says nothing', async () => {
  const other = newAuthority()
  const twin = other.person('Ana Ruiz', 'P-256', {
    spoil: (template) => ({ ...template, serial: subject.certificate.serial }),
  })
  const said = await withAnswers([ocspAnswer({ subject: subjectOf(twin, other.issuing), signer: other.ocspSigner() })])
  expect(said).toBe('INDETERMINATE TRY_LATER chain.revocation_unknown')
  expect(signerOf(twin, other).identity.certificate.serial).toEqual(subject.certificate.serial)
})
