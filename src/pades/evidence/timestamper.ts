import { createHash } from 'node:crypto'
import {
  type Certificate,
  type DigestAlgorithm,
  type Exchange,
  findPath,
  newLinkCache,
  PkiError,
  requestTimestamp,
  type TimestampAuthority,
} from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'

/** A source of time-stamps, with the room that its tokens take. */
export type Timestamper = {
  /** The digest that tokens are made over. */
  readonly digest: DigestAlgorithm
  /** Bytes to keep free for a token, as measured on tokens of the same authorities. Asks each for one the first time. */
  room(): Promise<number>
  /** A checked token over these bytes. */
  stamp(data: Bytes): Promise<Bytes>
  /** The same for a digest that is known already. */
  stampDigest(hash: Bytes): Promise<Bytes>
}

export type TimestamperOptions = {
  /** Asked in their order: the next one only when the one before gave no token that passes every check. */
  readonly authorities: readonly TimestampAuthority[]
  /** How they are asked. Time-outs and repetitions are its affair. */
  readonly exchange: Exchange
  /** Whom tokens must come from; without it, of the chain only what each authority's `accepts` says is checked. */
  readonly trust?: { readonly anchors: readonly Certificate[]; readonly intermediates: readonly Certificate[] }
  readonly digest?: DigestAlgorithm
  readonly now: () => Date
  /** Random bytes for the nonce. */
  readonly random: (bytes: number) => Bytes
}

/**
 * Signatures, serial numbers and fractions of a second differ in length from token to token by a few bytes each; an
 * authority that changes its certificate gives longer ones, which are measured from then on.
 */
const SLACK_BYTES = 64
const NONCE_BYTES = 16

/** Time-stamps from one or several authorities. `stamp` throws `pki.timestamp_unavailable` when none can give one. */
export function createTimestamper(options: TimestamperOptions): Timestamper {
  const { exchange, digest = 'sha256', now, random } = options
  const authorities = options.authorities.map((authority) => ({ ...trusting(options.trust), ...authority }))
  const settings = { exchange, now, nonce: () => random(NONCE_BYTES) }
  let longest = 0
  const ask = async (whom: readonly TimestampAuthority[], hash: Bytes) => {
    const token = await requestTimestamp(whom, { digest, hash }, settings)
    longest = Math.max(longest, token.der.length)
    return token.der
  }
  const hashOf = (data: Bytes) => createHash(digest).update(data).digest()
  // Whichever of them is asked later must fit: who stands in for another may have longer certificates.
  const measure = async () => {
    const asked = authorities.map((one) => ask([one], hashOf(random(NONCE_BYTES))))
    requireAnswer(await Promise.allSettled(asked))
  }
  let measured: Promise<void> | undefined
  return {
    digest,
    stamp: (data) => ask(authorities, hashOf(data)),
    stampDigest: (hash) => ask(authorities, hash),
    room: async () => {
      measured ??= measure()
      await measured.catch((error: unknown) => {
        measured = undefined
        throw error
      })
      return longest + SLACK_BYTES
    },
  }
}

/** Throws `pki.timestamp_unavailable` with what was wrong with each when nobody answered. */
function requireAnswer(answers: readonly PromiseSettledResult<unknown>[]): void {
  const failures = answers.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []))
  const attempts = failures.flatMap((failure) => {
    if (!(failure instanceof PkiError)) throw failure
    return [failure.details['attempts'] ?? []].flat().map(String)
  })
  if (failures.length < answers.length) return
  throw new PkiError('pki.timestamp_unavailable', 'no authority gave a time-stamp that can be used', { attempts })
}

function trusting(trust: TimestamperOptions['trust']): Pick<TimestampAuthority, 'accepts'> {
  if (!trust) return {}
  const { anchors, intermediates } = trust
  const links = newLinkCache()
  return {
    accepts(certificate, others, time) {
      const candidates = [...intermediates, ...others]
      const path = findPath(certificate, { anchors, intermediates: candidates, time, purpose: 'timeStamping', links })
      return path.ok ? undefined : `${path.reason}, ${path.clause}`
    },
  }
}
