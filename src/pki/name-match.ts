import { asBuffer, equalBytes } from '../std/bytes.ts'
import type { Name, ReadAttribute } from './name.ts'

/**
 * Comparison of distinguished names (RFC 5280 7.1).
 *
 * Each name has a key per relative name, made once; two relative names match when their keys are the same text.
 * Attributes are put in order, as a relative name is a set, and the marks between them cannot stand in a prepared value.
 */
const keys = new WeakMap<Name, readonly string[]>()
const BETWEEN_ATTRIBUTES = '\u0000'
const BETWEEN_RELATIVE_NAMES = '\u0001'

/** True when the names are the same by RFC 5280 7.1: case, white space and the type of string do not count. */
export function sameName(a: Name, b: Name): boolean {
  return equalBytes(a.raw, b.raw) || nameKey(a) === nameKey(b)
}

/** A text that is the same for two names exactly when they match. */
export function nameKey(name: Name): string {
  return relativeKeys(name).join(BETWEEN_RELATIVE_NAMES)
}

/** True when `name` lies in the subtree of `base`, which it may be itself (RFC 5280 4.2.1.10). */
export function isWithinSubtree(name: Name, base: Name): boolean {
  const own = relativeKeys(name)
  const roots = relativeKeys(base)
  return roots.length <= own.length && roots.every((key, index) => key === own[index])
}

function relativeKeys(name: Name): readonly string[] {
  const known = keys.get(name)
  if (known) return known
  const made = name.relativeNames.map((relative) => relative.map(attributeKey).sort().join(BETWEEN_ATTRIBUTES))
  keys.set(name, made)
  return made
}

function attributeKey(attribute: ReadAttribute): string {
  const prepared = attribute.isText ? prepare(attribute.value) : undefined
  // What is no text, or a text that has no comparison, is the same as its own bytes alone.
  return `${attribute.type}=${prepared ?? `#${asBuffer(attribute.raw).toString('hex')}`}`
}

/** RFC 4518 2.4: what makes the comparison undefined. */
const PROHIBITED = /[\p{Co}\p{Cs}\p{Cn}\ufffd]/u
/** RFC 4518 2.2: characters without a meaning for a reader. */
const TO_NOTHING = /[\p{Cc}\p{Cf}\u1806\ufffc]|\u034f|[\u180b-\u180d]|[\ufe00-\ufe0f]/gu
const TO_SPACE = /[\t-\r\u0085\p{Z}]+/gu
const PLAIN = /^[!-~]+(?: [!-~]+)*$/

/** String preparation for caseIgnoreMatch (RFC 4518 2, with the folding that RFC 5280 7.1 asks for). */
function prepare(text: string): string | undefined {
  if (PLAIN.test(text)) return text.toLowerCase()
  if (PROHIBITED.test(text)) return undefined
  const mapped = text.replace(TO_SPACE, ' ').replace(TO_NOTHING, '')
  return fold(fold(mapped).normalize('NFKC')).replace(/ +/g, ' ').trim()
}

/** Case folding: by way of the capitals, so that the sharp s and the final sigma meet their other forms. */
function fold(text: string): string {
  return text.toUpperCase().toLowerCase()
}
