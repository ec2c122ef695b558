import { type Field, formFields, type PdfDocument, PdfError, readDict } from '../../pdf/index.ts'
import { signedFields } from '../permissions.ts'
import { objectIn } from './comparison.ts'
import { changedNumbers } from './difference.ts'

/** Fields of all revisions together. */
const MAX_FIELDS = 1_000_000
/** What a form consists of: catalogs, forms, fields, signatures. */
const FORM_KEYS = ['AcroForm', 'Fields', 'FT', 'T', 'Kids', 'ByteRange']

/**
 * Fields that had a signature in an earlier revision and have none now: a file must not get rid of a signature by
 * leaving it out. Throws `pdf.limit`.
 */
export function removedSignatures(document: PdfDocument, fields: readonly Field[]): Field[] {
  const known = new Set(signedFields(fields).map(({ name }) => name))
  const removed: Field[] = []
  let left = MAX_FIELDS
  for (let step = 1; step < document.revisions.length; step++) {
    const earlier = earlierFields(document, step)
    left -= earlier.length
    if (left < 0) throw new PdfError('pdf.limit', 'the revisions have too many fields', { what: 'fields' })
    for (const field of signedFields(earlier)) {
      if (known.has(field.name)) continue
      known.add(field.name)
      removed.push(field)
    }
  }
  return removed
}

/**
 * The fields before the newest `step` revisions, unless the next one left the form alone. None for a revision that
 * cannot stand alone, as the first part of a linearised file.
 */
function earlierFields(document: PdfDocument, step: number): readonly Field[] {
  try {
    const before = document.before(step)
    return touchesForm(before, document.before(step - 1)) ? formFields(before) : []
  } catch (error) {
    if (error instanceof PdfError) return []
    throw error
  }
}

/** True when a revision changed or removed what belongs to a form. */
function touchesForm(before: PdfDocument, after: PdfDocument): boolean {
  const changed = changedNumbers(before, after)
  return changed === undefined || [...changed].some((number) => isOfForm(before, number))
}

function isOfForm(document: PdfDocument, number: number): boolean {
  try {
    const value = objectIn(document, number)?.value
    if (value === undefined) return false
    const dict = readDict(value)
    return dict === undefined || FORM_KEYS.some((key) => dict.has(key))
  } catch (error) {
    if (error instanceof PdfError) return true
    throw error
  }
}
