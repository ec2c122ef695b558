import { formFields, NULL, type PdfDocument, PdfError, sameEntry, type XrefEntry } from '../pdf/index.ts'
import { certificationLevel } from './permissions.ts'
import type { Change } from './report.ts'
import { Vouching } from './vouching.ts'

const MAX_ENTRIES = 1_000_000

/**
 * What the newest revision of `after` changed in `before`. Everything is an undefined change that no rule vouches
 * for: the list of what may happen is closed, the list of what an attacker may think of is not.
 */
export function changesBetween(before: PdfDocument, after: PdfDocument): readonly Change[] {
  try {
    return analyse(before, after)
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
    return [{ kind: 'undefined', what: `the revision cannot be read: ${error.message}` }]
  }
}

function analyse(before: PdfDocument, after: PdfDocument): readonly Change[] {
  if (!sameEntry(before.trailer.get('Root'), after.trailer.get('Root')))
    return [{ kind: 'undefined', what: 'the trailer names another catalog' }]
  const numbers = changedNumbers(before, after)
  if (numbers === undefined) return [{ kind: 'undefined', what: 'too many objects were changed' }]
  const vouching = new Vouching(before, after, numbers)
  vouching.containers()
  vouching.documentInformation()
  vouching.form()
  const unexplained = [...numbers].filter((number) => !vouching.isVouched(number))
  const changes: Change[] = [
    ...vouching.changes,
    ...unexplained.map((object): Change => ({ kind: 'undefined', what: describe(before, after, object), object })),
  ]
  const forbids = certificationLevel(before, formFields(before)) === 1
  return forbids ? [...changes, { kind: 'undefined', what: 'the certification forbids every change' }] : changes
}

/** The objects that the newest revision defines otherwise, or removes. */
function changedNumbers(before: PdfDocument, after: PdfDocument): Set<number> | undefined {
  const [newest] = after.revisions
  const sections = [newest?.section, newest?.hidden].filter((section) => section !== undefined)
  const ranges = sections.flatMap((section) => section.ranges)
  if (ranges.reduce((sum, [, count]) => sum + count, 0) > MAX_ENTRIES) return undefined
  const changed = new Set<number>()
  for (const [first, count] of ranges) {
    for (let number = first; number < first + count; number++)
      if (!isSamePlace(before.entry(number), after.entry(number))) changed.add(number)
  }
  return changed
}

function isSamePlace(a: XrefEntry | undefined, b: XrefEntry | undefined): boolean {
  if (a?.kind === 'offset' && b?.kind === 'offset') return a.offset === b.offset && a.generation === b.generation
  if (a?.kind === 'compressed' && b?.kind === 'compressed') return a.stream === b.stream && a.index === b.index
  return a === undefined && b === undefined
}

function describe(before: PdfDocument, after: PdfDocument, number: number): string {
  if (after.entry(number) === undefined) return 'an object was removed'
  if (before.entry(number) === undefined) return 'an object was added that nothing explains'
  const isCatalog = before.catalogRef.number === number
  return isCatalog ? 'the catalog was changed' : `an object was changed${kindOf(before, number)}`
}

/** The /Type of an object, for the report. */
function kindOf(document: PdfDocument, number: number): string {
  const entry = document.entry(number)
  const generation = entry?.kind === 'offset' ? entry.generation : 0
  const type = document.dict({ number, generation })?.get('Type') ?? NULL
  return type === NULL ? '' : ` (${Buffer.from(type).toString('latin1').slice(0, 40)})`
}
