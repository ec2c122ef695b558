import { isDigit, isSpace } from '../lexer.ts'
import { digitsAt } from '../values.ts'
import type { FoundObject } from './found-objects.ts'

const MAX_NUMBER_DIGITS = 10
const MAX_GENERATION = 65_535

/**
 * The `n g` in front of the keyword `obj`, which stands at `keyword` of a window; nothing in front of `from` is
 * looked at. Undefined when there is none, or when it is part of a comment. Its offset is one of the window.
 */
export function headerBefore(window: Uint8Array, keyword: number, from: number): FoundObject | undefined {
  const generationEnd = spacesBefore(window, keyword, from)
  const generationStart = digitsBefore(window, generationEnd, from)
  const numberEnd = spacesBefore(window, generationStart, from)
  const numberStart = digitsBefore(window, numberEnd, from)
  if (generationStart === generationEnd || numberEnd === generationStart || numberStart === numberEnd) return undefined
  if (numberEnd - numberStart > MAX_NUMBER_DIGITS || generationEnd - generationStart > 5) return undefined
  if (isInComment(window, numberStart, from)) return undefined
  const number = digitsAt(window, numberStart, numberEnd)
  const generation = digitsAt(window, generationStart, generationEnd)
  return number > 0 && generation <= MAX_GENERATION ? { number, generation, offset: numberStart } : undefined
}

function spacesBefore(window: Uint8Array, end: number, from: number): number {
  let at = end
  while (at > from && isSpace(window[at - 1])) at--
  return at
}

function digitsBefore(window: Uint8Array, end: number, from: number): number {
  let at = end
  while (at > from && isDigit(window[at - 1])) at--
  return at
}

/** True when a percent sign stands in front, on the same line. */
function isInComment(window: Uint8Array, end: number, from: number): boolean {
  for (let at = end - 1; at >= from; at--) {
    if (window[at] === 10 || window[at] === 13) return false
    if (window[at] === 0x25) return true
  }
  return false
}
