import { randomBytes } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { type Behaviour, startTrustServices, type TrustServices } from '../../../test/support/trust-services.ts'
import { context, oid, sequence, setOf, unsigned } from '../der-writer.ts'
import {
  authorityInfoAccess,
  basicConstraints,
  buildOcspRequest,
  certificatePolicies,
  crlDistributionPoints,
  type Exchange,
  type Extension,
  fetchIssuers,
  gatherStatus,
  httpExchange,
  keyUsage,
  memoryStatusCache,
  OID,
  PkiError,
  readCertificate,
  type StatusSources,
  type StatusSubject,
} from '../index.ts'
import { authorityName, issue, NOW } from '../testing/authority.ts'
import { hours, subjectOf } from '../testing/status-answers.ts'

const services: TrustServices = await startTrustServices()
const { authority } = services
const exchange = httpExchange({ timeoutMs: 200, attempts: 1 })
const sources: StatusSources = { exchange, now: services.now, nonce: () => randomBytes(32) }
const newSubject = (extensions?: readonly Extension[]) =>
  subjectOf(
    services.person('Ana Ruiz', 'P-256', extensions ? { extensions, spoil: (template) => template } : {}),
    authority.issuing,
  )
const plain: readonly Extension[] = [
  basicConstraints({ ca: false }),
  keyUsage('nonRepudiation'),
  certificatePolicies([{ policy: '1.3.6.1.4.1.99999.1.1' }]),
]
const subject = newSubject()

afterAll(() => services.stop())
beforeEach(() => {
  services.setTime(NOW)
  services.forgetRequests()
  services.behave('ocsp/issuing')
  services.behave('crl/issuing')
  services.behave('aia/issuing')
})

/** What every place answered, in the words of the error. */
async function attemptsOf(asked: StatusSubject, options = sources): Promise<readonly string[]> {
  const error = await gatherStatus(asked, options).then(
    (status) => new Error(`there is a status: ${status.status}`),
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof PkiError) || error.code !== 'pki.status_unavailable') throw error
  const { attempts } = error.details
  return Array.isArray(attempts) ? attempts : []
}

describe('there is no status', () => {
  test.each<[string, Behaviour, string, string]>([
    ['are down', 'down', 'network', 'network'],
    ['fail', 'error', 'busy', 'busy'],
    ['are too slow', { slowMs: 400 }, 'timeout', 'timeout'],
    ['answer with something else', 'malformed', 'malformed', 'malformed'],
    ['give an old answer again', 'stale', 'stale', 'stale'],
    ['are strangers', 'wrongSigner', 'responder_not_authorized', 'bad_signature'],
  ])('when both places %s', async (_, behaviour, ocsp, crl) => {
    services.behave('ocsp/issuing', behaviour)
    services.behave('crl/issuing', behaviour)
    expect(await attemptsOf(subject)).toEqual([
      expect.stringContaining(`ocsp ${services.url}/ocsp/issuing: ${ocsp}`),
      expect.stringContaining(`crl ${services.url}/crl/issuing.crl: ${crl}`),
    ])
  })

  test.each<[string, Behaviour, string]>([
    ['another nonce', 'wrongNonce', 'nonce'],
    ['that it does not know the certificate', 'unknown', 'unknown_certificate'],
    ['that one should come later', 'tryLater', 'try_later'],
  ])('from a responder that answers with %s', async (_, behaviour, code) => {
    services.behave('ocsp/issuing', behaviour)
    expect(await attemptsOf(subject, { ...sources, wanted: ['ocsp'] })).toEqual([
      expect.stringContaining(`: ${code}: `),
    ])
  })

  test('of a certificate that names no place, or none that is asked', async () => {
    expect(await attemptsOf(newSubject(plain))).toEqual([])
    const secret = [
      authorityInfoAccess({
        ocsp: ['https://ca.example/ocsp', 'ldap://ca.example', 'file:///etc/passwd'],
        caIssuers: [],
      }),
      crlDistributionPoints(['ldap://ca.example/cn=list', 'ftp://ca.example/list']),
    ]
    expect(await attemptsOf(newSubject([...plain, ...secret]))).toEqual([])
  })

  test('without the nonce that is required', async () => {
    const forgetful: Exchange = (request) => exchange({ ...request, ...(request.body && { body: withoutNonce() }) })
    const withoutNonce = () => Buffer.from(questionOf(subject), 'base64')
    const options = { ...sources, exchange: forgetful, wanted: ['ocsp'] as const }
    expect(await attemptsOf(subject, { ...options, nonceRequired: true })).toEqual([
      expect.stringContaining(': nonce: '),
    ])
    expect(await gatherStatus(subject, options)).toMatchObject({ status: 'good', nonceEchoed: false })
  })

  test('from the future', async () => {
    services.setTime(hours(1))
    const options = { ...sources, now: () => NOW }
    expect(await attemptsOf(subject, options)).toEqual([
      expect.stringContaining(': from_future: '),
      expect.stringContaining(': from_future: '),
    ])
  })

  test('older than is asked for', async () => {
    services.behave('ocsp/issuing', 'down')
    const later = { ...sources, now: () => hours(2), maxAgeMs: 3_600_000 }
    expect(await attemptsOf(subject, later)).toHaveLength(2)
    expect(await gatherStatus(subject, { ...later, maxAgeMs: 3 * 3_600_000 })).toMatchObject({ kind: 'crl' })
  })

  test('from a certificate with more places than one cares to ask', async () => {
    const many = Array.from({ length: 50 }, (_, index) => `http://127.0.0.1:1/${index}`)
    const busy = newSubject([...plain, authorityInfoAccess({ ocsp: many, caIssuers: [] }), crlDistributionPoints(many)])
    expect(await attemptsOf(busy)).toHaveLength(8)
  })

  test('once the caller gave up', async () => {
    const signal = AbortSignal.abort()
    expect(await attemptsOf(subject, { ...sources, signal })).toEqual([
      expect.stringContaining('aborted'),
      expect.stringContaining('aborted'),
    ])
  })
})

/** A question without a nonce, in base64. */
function questionOf(asked: StatusSubject): string {
  return buildOcspRequest(asked).toString('base64')
}

describe('a status', () => {
  test('comes from the responder, and the list is not asked', async () => {
    expect(await gatherStatus(subject, sources)).toMatchObject({ status: 'good', kind: 'ocsp', nonceEchoed: true })
    expect(services.requests).toMatchObject({ 'ocsp/issuing': 1, 'crl/issuing': 0 })
  })

  test('is asked by GET where no nonce is sent and the address can hold the question', async () => {
    const methods: string[] = []
    const watched: Exchange = (request) => {
      methods.push(request.method)
      return exchange({ ...request, url: request.url.replace('?of=us', '') })
    }
    const { nonce: _, ...quiet } = sources
    const ask = (asked: StatusSubject) => gatherStatus(asked, { ...quiet, exchange: watched })
    expect(await ask(subject)).toMatchObject({ status: 'good', kind: 'ocsp' })
    const odd = authorityInfoAccess({ ocsp: [`${services.url}/ocsp/issuing?of=us`], caIssuers: [] })
    expect(await ask(newSubject([...plain, odd]))).toMatchObject({ status: 'good', kind: 'ocsp' })
    expect(methods).toEqual(['GET', 'POST'])
  })

  test.each(['down', 'unknown', 'wrongSigner', 'stale'] as const)(
    'comes from the list when the responder is %s',
    async (behaviour) => {
      services.behave('ocsp/issuing', behaviour)
      expect(await gatherStatus(subject, sources)).toMatchObject({ status: 'good', kind: 'crl' })
    },
  )

  test('of an authority comes from the one above', async () => {
    const above = subjectOf(authority.issuing, authority.root)
    expect(await gatherStatus(above, sources)).toMatchObject({ status: 'good' })
    expect(services.requests['ocsp/root']).toBe(1)
  })

  test.each(['ocsp', 'crl'] as const)('may be that it is revoked, says %s', async (kind) => {
    const lost = newSubject()
    services.revoke({ certificate: lost.certificate.der }, hours(-1), 'keyCompromise')
    expect(await gatherStatus(lost, { ...sources, wanted: [kind] })).toMatchObject({
      status: 'revoked',
      kind,
      revokedAt: hours(-1),
      reason: 'keyCompromise',
    })
  })

  test('that it is revoked is never too old, that it is on hold may be', async () => {
    const [lost, held] = [newSubject(), newSubject()]
    services.revoke({ certificate: lost.certificate.der }, hours(-600), 'keyCompromise')
    services.revoke({ certificate: held.certificate.der }, hours(-600), 'certificateHold')
    services.behave('ocsp/issuing', 'stale')
    services.behave('crl/issuing', 'stale')
    expect(await gatherStatus(lost, sources)).toMatchObject({ status: 'revoked' })
    expect(await attemptsOf(held)).toHaveLength(2)
  })

  test('is made for any year in which the services live', async () => {
    const far = new Date('2040-05-05T05:05:05Z')
    services.setTime(far)
    const above = subjectOf(authority.issuing, authority.root)
    expect(await gatherStatus(above, sources)).toMatchObject({ status: 'good', producedAt: far })
  })
})

describe('a cache', () => {
  test('spares the question until the next update', async () => {
    const cache = memoryStatusCache()
    const kept = { ...sources, cache }
    await gatherStatus(subject, kept)
    services.setTime(hours(11))
    expect(await gatherStatus(subject, kept)).toMatchObject({ thisUpdate: NOW })
    expect(services.requests['ocsp/issuing']).toBe(1)
    services.setTime(hours(13))
    expect(await gatherStatus(subject, kept)).toMatchObject({ thisUpdate: hours(13) })
    expect(services.requests['ocsp/issuing']).toBe(2)
  })

  test('does not give the answer of one issuer for another', async () => {
    const cache = memoryStatusCache()
    await gatherStatus(subject, { ...sources, cache })
    expect(await cache.get(subject)).toMatchObject({ status: 'good' })
    expect(await cache.get({ ...subject, issuer: readCertificate(authority.root.certificate) })).toBeUndefined()
  })

  test('forgets the oldest when it is full', async () => {
    const cache = memoryStatusCache(1)
    const other = newSubject()
    await gatherStatus(subject, { ...sources, cache })
    await gatherStatus(other, { ...sources, cache })
    expect(await cache.get(subject)).toBeUndefined()
    expect(await cache.get(other)).toMatchObject({ status: 'good' })
  })
})

describe('the certificates above', () => {
  test('are fetched up to the root', async () => {
    const { certificates, attempts } = await fetchIssuers(subject.certificate, { exchange })
    expect(certificates.map(({ der }) => der)).toEqual(services.chain)
    expect(attempts).toEqual([])
  })

  test('are read from a SignedData without a signer too', async () => {
    const asPkcs7: Exchange = async (request) => certificatesOnly(await exchange(request))
    const { certificates } = await fetchIssuers(subject.certificate, { exchange: asPkcs7 })
    expect(certificates.map(({ der }) => der)).toEqual(services.chain)
  })

  test.each<[string, Behaviour, string]>([
    ['is down', 'down', 'network'],
    ['answers with something else', 'malformed', 'pki.der'],
  ])('are missing, with the reason, when the place %s', async (_, behaviour, reason) => {
    services.behave('aia/issuing', behaviour)
    expect(await fetchIssuers(subject.certificate, { exchange })).toEqual({
      certificates: [],
      attempts: [expect.stringContaining(reason)],
    })
  })

  test('do not count when they did not sign the one below', async () => {
    const { issuing, impostor } = authority
    const renamed = issue({
      subject: authorityName('Another Name'),
      extensions: [],
      profile: 'authority',
      spoil: (template) => ({ ...template, spki: issuing.spki }),
      issuer: authority.root,
    })
    for (const { certificate } of [impostor.issuing, renamed]) {
      const stranger: Exchange = () => Promise.resolve(certificate)
      expect(await fetchIssuers(subject.certificate, { exchange: stranger })).toEqual({
        certificates: [],
        attempts: [expect.stringContaining('none of its certificates signed the one below')],
      })
    }
  })
})

/** A degenerate SignedData (RFC 5652 5.1) of one certificate. */
function certificatesOnly(der: Uint8Array): Uint8Array {
  const content = sequence(oid(OID.data))
  const signedData = sequence(unsigned(1), setOf(), content, context(0, der), setOf())
  return sequence(oid(OID.signedData), context(0, signedData))
}
