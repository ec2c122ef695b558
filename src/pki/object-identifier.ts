import type { Bytes } from '../std/bytes.ts'
import { type Der, expectTag } from './der-reader.ts'
import { TAG } from './der-writer.ts'
import { refuse } from './pki-error.ts'

/** The dotted form of an OBJECT IDENTIFIER. */
export function oidText(node: Der): string {
  return oidContentText(expectTag(node, TAG.oid, 'an OBJECT IDENTIFIER').content)
}

/** 128 bits, as the widest arc in use has: a UUID under 2.25 (X.667). */
const MAX_ARC_BYTES = 19
/** So many groups of seven bits fit a double. */
const SAFE_ARC_BYTES = 7

/** The dotted form of the content bytes of an OBJECT IDENTIFIER. */
function oidContentText(content: Bytes): string {
  let text = ''
  let start = 0
  let arc = 0
  for (let at = 0; at < content.length; at++) {
    const byte = content[at] ?? 0
    arc = arc * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    const whole = checkedArc(content.subarray(start, at + 1), arc)
    text += start === 0 ? firstArcs(whole) : `.${whole}`
    start = at + 1
    arc = 0
  }
  return start > 0 && start === content.length ? text : refuse('pki.der', 'an OBJECT IDENTIFIER is cut off')
}

/** `value` is what the bytes make as long as a double holds it. */
function checkedArc(bytes: Bytes, value: number): number | bigint {
  if (bytes[0] === 0x80) refuse('pki.der', 'an OBJECT IDENTIFIER is not in its shortest form')
  if (bytes.length <= SAFE_ARC_BYTES) return value
  if (bytes.length > MAX_ARC_BYTES) refuse('pki.der', 'an OBJECT IDENTIFIER is out of range')
  return bytes.reduce((arc, byte) => arc * 128n + BigInt(byte & 0x7f), 0n)
}

/** The first two arcs share one number (X.690 8.19.4). */
function firstArcs(head: number | bigint): string {
  if (typeof head === 'bigint') return refuse('pki.der', 'an OBJECT IDENTIFIER is out of range')
  const first = Math.min(2, Math.floor(head / 40))
  return `${first}.${head - first * 40}`
}
