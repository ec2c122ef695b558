import { acroForm, type Dict, latin1, NULL, readInteger, readRef, sameEntry } from '../../../pdf/index.ts'
import type { Bytes } from '../../../std/bytes.ts'
import { type Comparison, sameExcept } from '../comparison.ts'
import { extendedArray } from '../extended-array.ts'

const NEW_FORM_KEYS = new Set(['Fields', 'SigFlags', 'DA', 'DR'])
const CHANGING_KEYS = new Set(['Fields', 'SigFlags', 'NeedAppearances', 'DR'])
/** A default look of texts may come where there was none, and no text that would take it. */
const WITH_DEFAULT = new Set([...CHANGING_KEYS, 'DA'])

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
  const added = resourcesAdded(comparison, was?.get('DR'), is.get('DR'))
  if (!listed || !added || !isFormKept(comparison, was, is)) return
  if (own !== undefined && comparison.changed.has(own) && !comparison.belongsTo(own, [catalog])) return
  comparison.vouch([...listed, ...added])
  if (own !== undefined) comparison.vouch([own])
  if (sameEntry(before.catalog.get('AcroForm'), value)) return
  comparison.allowEntries(catalog, ['AcroForm'])
}

/**
 * Resources may come beside those that are there. Gives the objects that came, or undefined when anything else was
 * changed. Where a field has a text, viewers may draw it with a font that was missing until then.
 */
function resourcesAdded(comparison: Comparison, was?: Bytes, is?: Bytes): number[] | undefined {
  if (sameEntry(was, is)) return []
  const [old, now] = [comparison.before.dict(was), comparison.after.dict(is)]
  if (!now || hasTexts(comparison) || [...(old?.keys() ?? [])].some((key) => !now.has(key))) return undefined
  const isKept = [...now].every(([key, value]) => isGrown(comparison, old?.get(key), value))
  const holders = [is, ...now.values()].flatMap((value) => readRef(value ?? NULL)?.number ?? [])
  const areNew = holders.every((number) => comparison.isNew(number) || !comparison.changed.has(number))
  return isKept && areNew ? comparison.newObjectsFrom(is) : undefined
}

function hasTexts({ was }: Comparison): boolean {
  return was.fields.some(({ type }) => type !== 'Sig')
}

/** True for a dictionary of resources of one kind that kept all that it had. */
function isGrown({ before, after }: Comparison, was: Bytes | undefined, is: Bytes): boolean {
  if (sameEntry(was, is)) return true
  const [old, now] = [before.dict(was) ?? new Map<string, Bytes>(), after.dict(is)]
  return now !== undefined && [...old].every(([key, value]) => sameEntry(value, now.get(key)))
}

function isFormKept(comparison: Comparison, was: Dict | undefined, is: Dict): boolean {
  const { after } = comparison
  const flags = readInteger(after.resolve(is.get('SigFlags') ?? NULL)) ?? 0
  const redrawn = latin1(after.resolve(is.get('NeedAppearances') ?? NULL))
  const isRedrawnAsBefore = sameEntry(was?.get('NeedAppearances'), is.get('NeedAppearances'))
  const isKept = was
    ? sameExcept(was, is, was.has('DA') || hasTexts(comparison) ? CHANGING_KEYS : WITH_DEFAULT) &&
      (redrawn !== 'true' || isRedrawnAsBefore)
    : comparison.addedFields.size > 0 && [...is.keys()].every((key) => NEW_FORM_KEYS.has(key))
  return isKept && flags >= 0 && flags <= 3
}
