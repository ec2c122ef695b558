import { readFile } from 'node:fs/promises'
import { equalBytes, sha256 } from '../../std/bytes.ts'
import type { ResumableSha256, Sha256State } from './sha256-state.ts'

/** The state of the SHA-256 of a file after its first `size` bytes, which themselves have the digest `sha256`. */
export type KeptState = { readonly size: number; readonly sha256: string; readonly state: Sha256State }

const MAGIC = Buffer.from('chancery sha256 states 1\n')
const DIGEST_BYTES = 32
/** Four bytes that name the build of the hash, and the 112 of its registers. */
const STATE_BYTES = 116
const RECORD_BYTES = 8 + DIGEST_BYTES + STATE_BYTES
/** What each of many signatures adds must not be read again and again: older ones are validated by reading. */
const MOST_RECORDS = 16

/**
 * The content of the file that lies beside a stored one: a record for each of its earlier states that was stored, in
 * ascending order, the last one for the whole, and a checksum. Of many, the first and the newest are kept.
 */
export function encodeKeptStates(states: readonly KeptState[]): Buffer {
  const kept = states.length > MOST_RECORDS ? [...states.slice(0, 1), ...states.slice(1 - MOST_RECORDS)] : states
  const body = Buffer.concat([MAGIC, ...kept.map(encodeRecord)])
  return Buffer.concat([body, sha256(body)])
}

function encodeRecord({ size, sha256, state }: KeptState): Buffer {
  const length = Buffer.alloc(8)
  length.writeBigUInt64BE(BigInt(size))
  return Buffer.concat([length, Buffer.from(sha256, 'hex'), state])
}

/** The states as they were written, or undefined for what is not exactly that. */
function decodeKeptStates(bytes: Buffer): readonly KeptState[] | undefined {
  const end = bytes.length - DIGEST_BYTES
  const isFramed = end > MAGIC.length && (end - MAGIC.length) % RECORD_BYTES === 0
  if (!isFramed || !equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) return undefined
  if (!equalBytes(bytes.subarray(end), sha256(bytes.subarray(0, end)))) return undefined
  const states: KeptState[] = []
  for (let at = MAGIC.length; at < end; at += RECORD_BYTES) states.push(decodeRecord(bytes, at))
  return states
}

function decodeRecord(bytes: Buffer, at: number): KeptState {
  const state = at + 8 + DIGEST_BYTES
  return {
    size: Number(bytes.readBigUInt64BE(at)),
    sha256: bytes.toString('hex', at + 8, state),
    state: bytes.subarray(state, state + STATE_BYTES),
  }
}

/**
 * Reads the states that were kept beside a file. Empty when there are none, or when anything about them is wrong: they
 * save time and nothing hangs on them. A wrong one would make a wrong signature, so each must prove itself: ended
 * where it stands, it must give the digest it is filed under, and the last one the name of the file.
 */
export async function readKeptStates(
  path: string,
  file: { readonly size: number; readonly sha256: string },
  hash: ResumableSha256,
): Promise<readonly KeptState[]> {
  const bytes = await readFile(path).catch(absent)
  const states = (bytes && decodeKeptStates(bytes)) ?? []
  const last = states.at(-1)
  const isOfFile = last?.size === file.size && last.sha256 === file.sha256
  return isOfFile && isAscending(states) && states.every((state) => isProved(state, hash)) ? states : []
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
  throw error
}

const isAscending = (states: readonly KeptState[]): boolean =>
  states.every(({ size }, index) => size > (states[index - 1]?.size ?? -1))

/** A state of another build of the hash cannot be put back, and is of no use. */
function isProved({ state, sha256 }: KeptState, hash: ResumableSha256): boolean {
  try {
    return hash.digest(state) === sha256
  } catch (error) {
    if (error instanceof Error) return false
    throw error
  }
}
