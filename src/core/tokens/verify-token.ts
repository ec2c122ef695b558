import { compactVerify, errors } from 'jose'
import { MINUTE_MS } from '../../std/time.ts'
import { fail } from '../errors.ts'
import type { TokenPurpose } from '../keys/key.ts'
import type { TokenKey } from '../keys/token-keys.ts'

/** What every token of ours says, whatever else it says. */
export type VerifiedToken = {
  readonly subject: string
  readonly issuedAt: Date
  /** Every claim, as signed. */
  readonly claims: Readonly<Record<string, unknown>>
}

export type Expected = {
  readonly purpose: TokenPurpose
  readonly issuer: string
  readonly audience: string
  readonly now: Date
}

/** Longer tokens are refused unread: a real one has under 1 kB. */
const MAX_TOKEN_LENGTH = 8192
/** Clocks of the servers of one platform may differ by this much. */
const LEEWAY_MS = MINUTE_MS

const TYPE: Readonly<Record<TokenPurpose, string>> = {
  company_token: 'at+jwt',
  access_token: 'at+jwt',
  id_token: 'JWT',
}

/**
 * Checks a token of ours, of one kind (RFC 8725, RFC 9068 §4). The key is chosen from our ring by purpose and `kid`
 * alone, so nothing in a header leads anywhere else.
 *
 * @throws {DomainError} `credential.invalid`, whatever is wrong with it
 */
export async function verifyToken(
  token: string,
  ring: readonly TokenKey[],
  expected: Expected,
): Promise<VerifiedToken> {
  const key = keyOf(token, ring, expected.purpose)
  if (!key) fail('credential.invalid')
  const claims = ownJson(await signedBytes(token, key))
  if (!claims) fail('credential.invalid')
  const { iss, aud, sub, iat } = claims
  const isForUs = iss === expected.issuer && aud === expected.audience && typeof sub === 'string'
  if (!isForUs || typeof iat !== 'number' || !isCurrent(claims, iat, expected.now)) fail('credential.invalid')
  return { subject: sub, issuedAt: new Date(iat * 1000), claims }
}

/** The key of ours that the header names, if the header is one that we write. */
function keyOf(token: string, ring: readonly TokenKey[], purpose: TokenPurpose): TokenKey | undefined {
  if (token.length > MAX_TOKEN_LENGTH) return undefined
  const header = ownJson(Buffer.from(token.slice(0, Math.max(0, token.indexOf('.'))), 'base64url'))
  if (!header || Object.keys(header).length !== 3) return undefined
  const { alg, typ, kid } = header
  if (alg !== 'ES256' || typ !== TYPE[purpose]) return undefined
  return ring.find((key) => key.kid === kid && key.purpose === purpose)
}

async function signedBytes(token: string, { publicKey }: TokenKey): Promise<Uint8Array> {
  try {
    const { payload } = await compactVerify(token, publicKey, { algorithms: ['ES256'] })
    return payload
  } catch (error) {
    if (error instanceof errors.JOSEError) fail('credential.invalid', {}, error)
    throw error
  }
}

/**
 * A JSON object as JSON.stringify writes it, which is how our tokens are written: what another writer would do
 * otherwise (doubled members, blanks, a byte order mark) makes it none of ours.
 */
function ownJson(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  const text = Buffer.from(bytes).toString('utf8')
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject && JSON.stringify(value) === text ? (value as Record<string, unknown>) : undefined
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function isCurrent({ exp, nbf = 0 }: VerifiedToken['claims'], iat: number, now: Date): boolean {
  const earliest = (now.getTime() - LEEWAY_MS) / 1000
  const latest = (now.getTime() + LEEWAY_MS) / 1000
  return typeof exp === 'number' && typeof nbf === 'number' && exp > earliest && nbf <= latest && iat <= latest
}
