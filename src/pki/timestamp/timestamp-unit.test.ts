import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, X509Certificate } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory, type TemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import type { Bytes } from '../../std/bytes.ts'
import { boolean, NULL } from '../der-writer.ts'
import { encodeExtension } from '../extension.ts'
import {
  answerTimestampRequest,
  buildTimestampRequest,
  checkTimestampResponse,
  OID,
  octetString,
  oid,
  PkiError,
  prepareTimestampUnit,
  readTimestampResponse,
  readTimestampToken,
  sequence,
  tlv,
  unsigned,
} from '../index.ts'
import { type KeyKind, NOW, newAuthority } from '../testing/authority.ts'
import { rightAnswer, TEST_POLICY, timestampUnitOf } from '../testing/timestamp.ts'

const authority = newAuthority()
const holder = authority.timestampUnit()
const unit = timestampUnitOf(holder, authority)
const hash = createHash('sha256').update('data').digest()
const imprint = { digest: 'sha256', hash } as const
const over = (digest: string, bytes: Bytes) => sequence(sequence(oid(digest)), octetString(bytes))
const right = over(OID.sha256, hash)

describe('a unit refuses', () => {
  const extension = (critical: boolean) => tlv(0xa0, encodeExtension({ id: '1.2.3', critical, value: NULL }))
  test.each<[string, string, Bytes]>([
    ['SHA-1', 'badAlg', sequence(unsigned(1), over(OID.sha1, Buffer.alloc(20)))],
    ['MD5', 'badAlg', sequence(unsigned(1), over('1.2.840.113549.2.5', Buffer.alloc(16)))],
    ['an unknown digest', 'badAlg', sequence(unsigned(1), over('1.2.3.4', hash))],
    ['a hash that is too short', 'badDataFormat', sequence(unsigned(1), over(OID.sha256, hash.subarray(1)))],
    ['a hash that is too long', 'badDataFormat', sequence(unsigned(1), over(OID.sha256, Buffer.alloc(64)))],
    ['version 2', 'badDataFormat', sequence(unsigned(2), right)],
    ['a policy that is not its own', 'unacceptedPolicy', sequence(unsigned(1), right, oid('1.2.3.4'))],
    ['a critical extension', 'unacceptedExtension', sequence(unsigned(1), right, extension(true))],
    ['any other extension', 'unacceptedExtension', sequence(unsigned(1), right, extension(false))],
    ['bytes after the request', 'badDataFormat', Buffer.concat([sequence(unsigned(1), right), Buffer.of(0)])],
    ['a request without an imprint', 'badDataFormat', sequence(unsigned(1))],
    ['nothing', 'badDataFormat', Buffer.alloc(0)],
    ['what is no DER', 'badDataFormat', Buffer.from('hello')],
  ])('%s', async (_, failure, request) => {
    const answer = readTimestampResponse(await answerTimestampRequest(request, unit))
    expect(answer).toEqual({ status: 2, failures: [failure] })
  })

  test.each<[string, () => Date | undefined]>([
    ['while its clock cannot be trusted', () => undefined],
    ['before its certificate is valid', () => new Date('2025-12-31T23:59:59Z')],
    ['after its certificate has expired', () => new Date('2028-01-01T00:00:01Z')],
  ])('%s', async (_, now) => {
    const answer = await answerTimestampRequest(buildTimestampRequest({ imprint }), { ...unit, now })
    expect(readTimestampResponse(answer).failures).toEqual(['timeNotAvailable'])
  })

  test('to hand out what another key signed', async () => {
    const { sign } = timestampUnitOf(authority.timestampUnit(), authority)
    const asked = answerTimestampRequest(buildTimestampRequest({ imprint }), { ...unit, sign })
    await expect(asked).rejects.toMatchObject({ code: 'pki.signature' })
  })

  test('to start with a certificate for something else', () => {
    const { certificate, algorithm } = authority.person('Ana Ruiz')
    expect(() => prepareTimestampUnit({ certificate, chain: [], algorithm })).toThrow(/not for time-stamping alone/)
    const other = () => prepareTimestampUnit({ certificate: holder.certificate, chain: [], algorithm: 'ed25519' })
    expect(other).toThrow(PkiError)
  })
})

describe('a unit answers', () => {
  const tokenOf = async (request: Bytes) => {
    const { status, token } = readTimestampResponse(await answerTimestampRequest(request, unit))
    expect(status).toBe(0)
    return readTimestampToken(token ?? new Uint8Array())
  }

  test.each([
    ['without a nonce', undefined],
    ['with a nonce of zero', Buffer.of(0)],
    ['with a nonce of 64 bytes', Buffer.alloc(64, 0xee)],
  ])('%s', async (_, nonce) => {
    const { info } = await tokenOf(buildTimestampRequest({ imprint, ...(nonce && { nonce }) }))
    expect(info.nonce && Buffer.from(info.nonce).toString('hex')).toBe(
      nonce && (nonce.length === 64 ? `00${nonce.toString('hex')}` : '00'),
    )
  })

  test('the same request with two serial numbers', async () => {
    const request = buildTimestampRequest({ imprint })
    const [first, second] = [await tokenOf(request), await tokenOf(request)]
    expect(first.info.serial).not.toEqual(second.info.serial)
  })

  test('with its certificates only when they are asked for', async () => {
    const asked = await tokenOf(buildTimestampRequest({ imprint }))
    expect(asked.certificates).toHaveLength(2)
    expect((await tokenOf(buildTimestampRequest({ imprint, certReq: false }))).certificates).toEqual([])
    expect((await tokenOf(sequence(unsigned(1), right, boolean(false)))).certificates).toEqual([])
  })

  test('over each digest, under the policy asked for', async () => {
    for (const digest of ['sha256', 'sha384', 'sha512'] as const) {
      const bytes = createHash(digest).update('data').digest()
      const { info } = await tokenOf(buildTimestampRequest({ imprint: { digest, hash: bytes }, policy: TEST_POLICY }))
      expect(info).toMatchObject({ policy: TEST_POLICY, imprint: { digest, hash: bytes }, ordering: false })
    }
  })
})

test('whatever the bytes are, a unit answers', async () => {
  const request = buildTimestampRequest({ imprint, nonce: Buffer.alloc(8, 1), policy: TEST_POLICY })
  const places = fc.array(fc.tuple(fc.nat(request.length - 1), fc.nat(255)), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(places, fc.uint8Array({ maxLength: 40 }), async (changes, bytes) => {
      const changed = Buffer.from(request)
      for (const [at, value] of changes) changed[at] = value
      for (const one of [changed, bytes]) {
        const { status, token } = readTimestampResponse(await answerTimestampRequest(one, unit))
        expect([0, 2]).toContain(status)
        expect(token !== undefined).toBe(status === 0)
      }
    }),
    { numRuns: 300 },
  )
})

test('a request whose hash is not as long as its digest is not made', () => {
  expect(() => buildTimestampRequest({ imprint: { digest: 'sha384', hash } })).toThrow(PkiError)
})

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined
const pem = (der: Bytes) => new X509Certificate(der).toString()

describe.skipIf(!hasOpenssl)('openssl agrees', () => {
  let folder: TemporaryDirectory
  beforeAll(async () => {
    folder = await makeTemporaryDirectory('timestamps')
    put('root.pem', pem(authority.root.certificate))
    put('issuing.pem', pem(authority.issuing.certificate))
    put('data', 'data')
  })
  afterAll(() => folder.remove())
  const put = (name: string, bytes: Bytes | string) => {
    const path = join(folder.path, name)
    writeFileSync(path, bytes)
    return path
  }
  const verify = (...args: string[]) =>
    spawnSync(
      'openssl',
      [
        ...['ts', '-verify', ...args, '-CAfile', join(folder.path, 'root.pem')],
        ...['-untrusted', join(folder.path, 'issuing.pem'), '-attime', String(NOW.getTime() / 1000)],
      ],
      { encoding: 'utf8' },
    ).stdout

  // Its time-stamps rest on PKCS #7, which knows no Ed25519.
  test.each<KeyKind>(['P-256', 'P-384', 'P-521', 'RSA-2048', 'RSA-3072', 'RSA-PSS'])(
    'with an answer to its own request by a key of the kind %s',
    async (kind) => {
      const query = join(folder.path, 'query')
      const data = join(folder.path, 'data')
      execFileSync('openssl', ['ts', '-query', '-data', data, '-sha384', '-cert', '-out', query], { stdio: 'ignore' })
      const answer = await rightAnswer(readFileSync(query), authority.timestampUnit(kind), authority)
      expect(verify('-queryfile', query, '-in', put('answer', answer))).toContain('Verification: OK')
    },
  )

  test('with a request of ours and with the token alone', async () => {
    const request = buildTimestampRequest({ imprint, nonce: Buffer.alloc(8, 0xff), policy: TEST_POLICY })
    const answer = await rightAnswer(request, holder, authority)
    expect(verify('-queryfile', put('ours', request), '-in', put('answer', answer))).toContain('Verification: OK')
    const token = put('token', readTimestampResponse(answer).token ?? '')
    const read = verify('-data', join(folder.path, 'data'), '-token_in', '-in', token)
    expect(read).toContain('Verification: OK')
  })

  // The digest of ESSCertID, and so the version of signing-certificate, is the authority's choice.
  test.each<[KeyKind, string]>([
    ['P-256', 'sha256'],
    ['P-384', 'sha512'],
    ['RSA-2048', 'sha1'],
    ['RSA-3072', 'sha384'],
  ])('and its own time-stamps, with a key of the kind %s and %s, are accepted', (kind, essDigest) => {
    const { key, certificate } = authority.timestampUnit(kind, { notAfter: new Date('2090-01-01T00:00:00Z') })
    const settings = [
      ...['[tsa]', 'default_tsa=unit', '[unit]', `serial=${put('serial', '0A')}`, 'crypto_device=builtin'],
      ...[`default_policy=${TEST_POLICY}`, 'digests=sha256', 'signer_digest=sha256', 'accuracy=secs:1,millisecs:500'],
      ...[
        'ordering=yes',
        'tsa_name=yes',
        'ess_cert_id_chain=no',
        `ess_cert_id_alg=${essDigest}`,
        'clock_precision_digits=6',
      ],
    ].join('\n')
    const question = { imprint, nonce: Buffer.alloc(8, 0x81), policy: TEST_POLICY }
    const answer = join(folder.path, 'reply')
    execFileSync(
      'openssl',
      [
        ...['ts', '-reply', '-queryfile', put('question', buildTimestampRequest(question)), '-out', answer],
        ...['-signer', put('unit.pem', pem(certificate)), '-chain', join(folder.path, 'issuing.pem')],
        ...[
          '-inkey',
          put('unit.key', key.export({ type: 'pkcs8', format: 'pem' })),
          '-config',
          put('ts.cnf', settings),
        ],
      ],
      { stdio: 'pipe' },
    )
    const result = checkTimestampResponse(readFileSync(answer), question, { now: new Date(), toleranceMs: 60_000 })
    expect(result).toMatchObject({
      ok: true,
      token: { info: { ordering: true, accuracyMs: 1500, policy: TEST_POLICY } },
    })
    expect(result.ok && result.others.map(({ der }) => der)).toEqual([authority.issuing.certificate])
  })
})
