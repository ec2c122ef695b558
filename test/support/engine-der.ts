import type { Bytes } from '../../src/std/bytes.ts'

/** Universal tags whose content is written without inner structure, and may look like one by chance. */
const CONSTRUCTED = 0x20
const SET = 0x31
const BOOLEAN = 0x01

/**
 * What is not DER (X.690 10 and 11) in an encoding: lengths that are indefinite or longer than they need be, sets out
 * of order, truths other than 0xff. A reader of its own, so that it does not share its faults with the engine.
 */
export function derFaults(bytes: Bytes): string[] {
  const faults: string[] = []
  let at = 0
  while (at < bytes.length) {
    const element = readElement(bytes, at)
    if (typeof element === 'string') return [...faults, `${element} at ${at}`]
    const { tag, content, end } = element
    if (tag === BOOLEAN && content[0] !== 0 && content[0] !== 0xff) faults.push(`a boolean at ${at}`)
    if (tag === SET && !isSorted(content)) faults.push(`a set out of order at ${at}`)
    if ((tag & CONSTRUCTED) !== 0) faults.push(...derFaults(content))
    at = end
  }
  return faults
}

type Element = { readonly tag: number; readonly content: Bytes; readonly end: number }

function readElement(bytes: Bytes, at: number): Element | string {
  const [tag = 0, first = 0] = bytes.subarray(at)
  if ((tag & 0x1f) === 0x1f) return 'a tag of several bytes'
  const count = first < 0x80 ? 0 : first & 0x7f
  if (first === 0x80) return 'an indefinite length'
  let length = count === 0 ? first : 0
  for (const byte of bytes.subarray(at + 2, at + 2 + count)) length = length * 256 + byte
  if (count > 0 && (length < 0x80 || bytes[at + 2] === 0)) return 'a length that is too long'
  const start = at + 2 + count
  const end = start + length
  if (end > bytes.length) return 'an element that leaves its frame'
  return { tag, content: bytes.subarray(start, end), end }
}

/** The elements of a SET OF stand in the order of their encodings (X.690 11.6). */
function isSorted(content: Bytes): boolean {
  let before: Bytes | undefined
  for (let at = 0; at < content.length; ) {
    const element = readElement(content, at)
    if (typeof element === 'string') return false
    const encoded = content.subarray(at, element.end)
    if (before && Buffer.compare(before, encoded) > 0) return false
    before = encoded
    at = element.end
  }
  return true
}
