import type { Verdict } from './provider.ts'

/** Letters that documents write in two ways: as ICAO Doc 9303 part 3 §6 transliterates, and with the mark left out. */
const ICAO: Readonly<Record<string, string>> = {
  Ä: 'AE',
  Æ: 'AE',
  Ö: 'OE',
  Ø: 'OE',
  Œ: 'OE',
  Ü: 'UE',
  ß: 'SS',
  ẞ: 'SS',
  Å: 'AA',
  Þ: 'TH',
  Ð: 'D',
  Đ: 'D',
  Ł: 'L',
  Ñ: 'N',
}
const BARE: Readonly<Record<string, string>> = {
  Æ: 'A',
  Ø: 'O',
  Œ: 'O',
  ß: 'S',
  ẞ: 'S',
  Þ: 'T',
  Ð: 'D',
  Đ: 'D',
  Ł: 'L',
}

/**
 * Compares two names of one person as documents write them.
 *
 * OK when they are the same after transliteration, in any order of their parts; UNCERTAIN when one holds the other
 * (a document that leaves out a second name) or one letter differs; NOT_OK otherwise.
 */
export function matchNames(expected: string, found: string): Verdict {
  const forms = [fold(expected, ICAO), fold(expected, BARE)]
  const others = [fold(found, ICAO), fold(found, BARE)]
  const pairs = forms.flatMap((a) => others.map((b) => [a, b] as const))
  if (pairs.some(([a, b]) => a.length > 0 && sorted(a) === sorted(b))) return 'OK'
  if (pairs.some(([a, b]) => holds(a, b) || holds(b, a))) return 'UNCERTAIN'
  if (pairs.some(([a, b]) => oneLetterApart(a.join(' '), b.join(' ')))) return 'UNCERTAIN'
  return 'NOT_OK'
}

function fold(name: string, table: Readonly<Record<string, string>>): readonly string[] {
  return (
    name
      .normalize('NFC')
      .toUpperCase()
      .replace(/./gu, (letter) => table[letter] ?? letter)
      .normalize('NFD')
      .replace(/[\u0300-\u036f'’]/g, '')
      // Letters of other scripts stay: without them two people who share a Latin part would be one.
      .split(/[^\p{L}\p{M}\p{N}]+/u)
      .filter((part) => part !== '')
  )
}

const sorted = (parts: readonly string[]): string => [...parts].sort().join(' ')

const holds = (whole: readonly string[], parts: readonly string[]): boolean =>
  parts.length > 0 && parts.every((part) => whole.includes(part))

function oneLetterApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || Math.min(a.length, b.length) < 5) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start++
  let end = 0
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++
  return Math.max(a.length, b.length) - start - end <= 1
}
