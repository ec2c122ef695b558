/** Numbers beyond are none that every reader takes (ISO 32000-1 annex C). */
const LARGEST = 2 ** 31 - 1

/** A number as PDF writes it: no exponent, at most three decimals; one that is too large becomes the largest. */
export function decimal(value: number): string {
  return String(Number(Math.max(-LARGEST, Math.min(LARGEST, value)).toFixed(3)))
}
