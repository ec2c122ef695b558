import { latin1, NULL, readName, sameEntry } from '../../../pdf/index.ts'
import type { Comparison } from '../comparison.ts'

const VERSION = /^[12]\.\d$/

/** The version in the catalog (ISO 32000-2 7.7.2) may become a higher one: what came later may need it. */
export function version(comparison: Comparison): void {
  const { before, after } = comparison
  const [was, is] = [before.catalog.get('Version'), after.catalog.get('Version')]
  if (sameEntry(was, is)) return
  const header = latin1(before.source.read(0, 8)).slice(5)
  const known = readName(before.resolve(was ?? NULL)) ?? header
  const next = readName(is ?? NULL) ?? ''
  // Texts of this form are in the order of what they say.
  if (VERSION.test(next) && next >= known && next >= header)
    comparison.allowEntries(after.catalogRef.number, ['Version'])
}
