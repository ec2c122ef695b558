import { acroForm, type Dict, latin1, NULL, readInteger, readRef, sameEntry } from '../../../pdf/index.ts'
import { type Comparison, sameExcept } from '../comparison.ts'
import { extendedArray } from '../extended-array.ts'

const NEW_FORM_KEYS = new Set(['Fields', 'SigFlags', 'DA', 'DR'])
const CHANGING_KEYS = new Set(['Fields', 'SigFlags', 'NeedAppearances'])

/**
 * The form may list the new fields, say that there are signatures, and no longer ask viewers to draw the values
 * anew; the catalog may point to a new form.
 */
export function formDictionary(comparison: Comparison): void {
  const { before, after } = comparison
  const [was, is] = [acroForm(before), acroForm(after)]
  if (!is) return
  const catalog = after.catalogRef.number
  const value = after.catalog.get('AcroForm') ?? NULL
  const own = readRef(value)?.number
  const listed = extendedArray(comparison, was?.get('Fields'), is.get('Fields'), own ?? catalog, (number) =>
    comparison.addedFields.has(number),
  )
  if (!listed || !isFormKept(comparison, was, is)) return
  if (own !== undefined && comparison.changed.has(own) && !comparison.belongsTo(own, [catalog])) return
  comparison.vouch(listed)
  if (own !== undefined) comparison.vouch([own])
  if (sameEntry(before.catalog.get('AcroForm'), value)) return
  comparison.allowEntries(catalog, ['AcroForm'])
  if (!was) comparison.vouch(comparison.newObjectsFrom(is.get('DR')))
}

function isFormKept(comparison: Comparison, was: Dict | undefined, is: Dict): boolean {
  const { after } = comparison
  const flags = readInteger(after.resolve(is.get('SigFlags') ?? NULL)) ?? 0
  const redrawn = latin1(after.resolve(is.get('NeedAppearances') ?? NULL))
  const isRedrawnAsBefore = sameEntry(was?.get('NeedAppearances'), is.get('NeedAppearances'))
  const isKept = was
    ? sameExcept(was, is, CHANGING_KEYS) && (redrawn !== 'true' || isRedrawnAsBefore)
    : comparison.addedFields.size > 0 && [...is.keys()].every((key) => NEW_FORM_KEYS.has(key))
  return isKept && flags >= 0 && flags <= 3
}
