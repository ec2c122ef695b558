/** A number as PDF writes it: no exponent, at most three decimals. */
export function decimal(value: number): string {
  return String(Number(value.toFixed(3)))
}
