import type { Budget } from '../budget.ts'
import { canonicalText } from '../canonical.ts'
import type { ObjectReading } from '../indirect-object.ts'
import { damaged, PdfError } from '../pdf-error.ts'
import type { Source } from '../source.ts'
import { type Dict, NULL, readDict } from '../values.ts'
import { readTrailer } from '../xref-table.ts'
import { SEEN } from './found-objects.ts'
import type { Scan } from './scan.ts'

export type FoundTrailer = { readonly offset: number; readonly dict: Dict; readonly style: 'table' | 'stream' }

/** Entries that say something about one cross-reference section, and so nothing about the file. */
const OF_ONE_SECTION = ['Size', 'Prev', 'XRefStm']

/**
 * The result, or undefined when bytes are damaged so that nothing is known of them. One key twice is no damage:
 * readers would see two documents, and no repair may choose between them.
 */
export function unlessDamaged<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    const isDamage = error instanceof PdfError && error.code === 'pdf.damaged'
    if (isDamage && error.details['what'] !== 'duplicate_key') return undefined
    throw error
  }
}

/**
 * The trailers of a file and the dictionaries of its cross-reference streams, the last one first. Those that say nothing
 * of the whole file are left out: the last trailer of a linearised file is one of them (ISO 32000-2 annex F).
 */
export function findTrailers(source: Source, scan: Scan, reading: ObjectReading, budget: Budget): FoundTrailer[] {
  const found: FoundTrailer[] = []
  for (const offset of scan.trailers) {
    const dict = unlessDamaged(() => readTrailer(source, offset, budget))
    if (dict) found.push({ offset, dict, style: 'table' })
  }
  for (let i = 0; i < scan.objects.length; i++) {
    if (!scan.objects.has(i, SEEN.xref) || scan.objects.has(i, SEEN.embedded)) continue
    const { offset } = scan.objects.at(i)
    const dict = unlessDamaged(() => readDict(reading.object(source, offset, budget).value))
    if (dict) found.push({ offset, dict, style: 'stream' })
  }
  const telling = found.filter(({ dict }) => dict.has('Root') || dict.has('Encrypt'))
  return telling.sort((a, b) => b.offset - a.offset)
}

/** What a new trailer takes over from an old one. */
export function lastingEntries(dict: Dict): Map<string, Uint8Array> {
  const entries = new Map(dict)
  for (const key of OF_ONE_SECTION) entries.delete(key)
  return entries
}

/**
 * Refuses a file of which some trailers say that it is encrypted in one way and some in another, or not at all: its
 * strings would be one thing or another by the trailer that counts.
 */
export function requireOneEncryption(trailers: readonly FoundTrailer[]): void {
  const texts = new Set(trailers.map(({ dict }) => canonicalText(dict.get('Encrypt') ?? NULL)))
  if (texts.size > 1) damaged('trailer', 'the trailers do not agree on the encryption')
}
