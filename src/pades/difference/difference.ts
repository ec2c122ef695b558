import {
  NULL,
  type PdfDocument,
  PdfError,
  readDict,
  sameEntry,
  type XrefEntry,
  type XrefSection,
} from '../../pdf/index.ts'
import type { Permissions } from '../permissions.ts'
import type { Change, Deed } from './change.ts'
import { Comparison, nameIn } from './comparison.ts'
import { DocumentState } from './document-state.ts'
import { judge } from './judgement.ts'
import { ReferenceIndex, type References } from './reference-index.ts'
import { indexDocument } from './reference-scan.ts'
import { annotations } from './rules/annotations.ts'
import { containers } from './rules/containers.ts'
import { developerExtensions } from './rules/developer-extensions.ts'
import { documentInformation } from './rules/document-information.ts'
import { formDictionary } from './rules/form-dictionary.ts'
import { formFill } from './rules/form-fill.ts'
import { metadata } from './rules/metadata.ts'
import { securityStore } from './rules/security-store.ts'
import { signatures } from './rules/signatures.ts'
import { version } from './rules/version.ts'

const MAX_ENTRIES = 1_000_000

/** In this order: the form and the pages list what the rules before them found. */
const RULES = [
  containers,
  documentInformation,
  metadata,
  securityStore,
  developerExtensions,
  version,
  signatures,
  formFill,
  annotations,
  formDictionary,
]

/**
 * What the newest revision of `after` changed in `before`. Everything is an undefined change that no rule vouches
 * for: the list of what may happen is closed, the list of what an attacker may think of is not. `permissions` are
 * those in force in `before`, unless others are given.
 */
export function changesBetween(before: PdfDocument, after: PdfDocument, permissions?: Permissions): readonly Change[] {
  const index = new ReferenceIndex(new Set(definedNumbers(after)))
  try {
    indexDocument(before, index)
  } catch (error) {
    return [unreadable(error)]
  }
  return changesOf(new DocumentState(before), new DocumentState(after), index, permissions)
}

/** Like {@link changesBetween}, for who knows the two states, and who refers to what. */
export function changesOf(
  was: DocumentState,
  is: DocumentState,
  references: References,
  permissions?: Permissions,
): readonly Change[] {
  try {
    const inForce = permissions ?? was.permissions
    return deedsOf(was, is, references).map(({ deed, objects }) => judge(deed, objects, inForce))
  } catch (error) {
    return [unreadable(error)]
  }
}

function unreadable(error: unknown): Change {
  if (!(error instanceof PdfError)) throw error
  return undefinedChange(`the revision cannot be read: ${error.message}`)
}

function undefinedChange(what: string): Change {
  return { kind: 'undefined', what, objects: [], allowed: false }
}

type Told = { readonly deed: Deed; readonly objects: readonly number[] }

function deedsOf(was: DocumentState, is: DocumentState, references: References): readonly Told[] {
  const [before, after] = [was.document, is.document]
  const all = (what: string): Told[] => [{ deed: { kind: 'undefined', what }, objects: [] }]
  if (!sameEntry(before.trailer.get('Root'), after.trailer.get('Root'))) return all('the trailer names another catalog')
  if (!sameEntry(before.trailer.get('Encrypt'), after.trailer.get('Encrypt'))) return all('the encryption was changed')
  const changed = changedNumbers(before, after)
  if (changed === undefined) return all('too many objects were changed')
  const comparison = new Comparison(was, is, changed, references)
  for (const rule of RULES) rule(comparison)
  const unexplained = [...changed].filter((number) => !comparison.isVouched(number))
  return [
    ...comparison.deeds,
    ...ambiguousNumbers(after).map(
      (object): Told => ({ deed: { kind: 'undefined', what: 'an object stands in two places', object }, objects: [] }),
    ),
    ...unexplained.map((object): Told => {
      return { deed: { kind: 'undefined', what: describe(comparison, object), object }, objects: [object] }
    }),
  ]
}

function newestSections({ revisions }: PdfDocument): XrefSection[] {
  const [newest] = revisions
  return [newest?.section, newest?.hidden].filter((section) => section !== undefined)
}

/** The numbers that the newest revision says anything about; not more than can be looked at. */
export function* definedNumbers(document: PdfDocument): Generator<number> {
  let left = MAX_ENTRIES
  for (const { ranges } of newestSections(document))
    for (const [first, count] of ranges)
      for (let number = first; number < first + count && left > 0; number++, left--) yield number
}

/** The objects that the newest revision defines otherwise, or removes. */
export function changedNumbers(before: PdfDocument, after: PdfDocument): Set<number> | undefined {
  const ranges = newestSections(after).flatMap((section) => section.ranges)
  if (ranges.reduce((sum, [, count]) => sum + count, 0) > MAX_ENTRIES) return undefined
  const changed = new Set<number>()
  for (const number of definedNumbers(after))
    if (!isSamePlace(before.entry(number), after.entry(number))) changed.add(number)
  return changed
}

/** In a hybrid revision readers disagree on an object that the table and the stream put in two places. */
function ambiguousNumbers(document: PdfDocument): number[] {
  const [table, hidden] = newestSections(document)
  if (!table || !hidden) return []
  return hidden.ranges.flatMap(([first, count]) => {
    const numbers = Array.from({ length: count }, (_, i) => first + i)
    return numbers.filter((number) => {
      const [own, other] = [table.entry(number), hidden.entry(number)]
      return own && other && own.kind !== 'free' && other.kind !== 'free' && !isSamePlace(own, other)
    })
  })
}

function isSamePlace(a: XrefEntry | undefined, b: XrefEntry | undefined): boolean {
  if (a?.kind === 'offset' && b?.kind === 'offset') return a.offset === b.offset && a.generation === b.generation
  if (a?.kind === 'compressed' && b?.kind === 'compressed') return a.stream === b.stream && a.index === b.index
  return a === undefined && b === undefined
}

/** In words, for the report. */
function describe(comparison: Comparison, number: number): string {
  const { before, after } = comparison
  if (after.entry(number) === undefined) return 'an object was removed'
  if (before.entry(number) === undefined) return 'an object was added that nothing explains'
  if (before.catalogRef.number === number) return 'the catalog was changed'
  const type = nameIn(before, readDict(comparison.objectBefore(number)?.value ?? NULL), 'Type')
  return type === undefined ? 'an object was changed' : `an object was changed (${type.slice(0, 40)})`
}
