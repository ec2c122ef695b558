import { type Dict, type Field, NULL, readInteger, readName, readRef } from '../../../pdf/index.ts'
import { isLocked, permissionsInForce } from '../../permissions.ts'
import { appearanceObjects, type Box, overlap, visibleBox } from '../appearance.ts'
import { type Comparison, nameIn } from '../comparison.ts'

/** What a field of a later signature may have: nothing that acts, and no family. */
const FIELD_KEYS = new Set('Type Subtype FT T V F Ff Rect P AP M NM MK DA DR Lock SV TU TM Border BS H'.split(' '))
/** What signing an empty field may change in it. */
const SIGNED_KEYS = ['V', 'AP', 'M']
const READ_ONLY = 1

/** New signature fields, and signatures and document time-stamps in fields, new or empty before. */
export function signatures(comparison: Comparison): void {
  const old = new Map(comparison.was.fields.map((field) => [field.ref.number, field]))
  const names = new Set(comparison.was.fields.map(({ name }) => name))
  const signed: Field[] = []
  for (const field of comparison.is.fields) {
    const was = old.get(field.ref.number)
    const isSigned = was ? filledField(comparison, was, field) : newField(comparison, field, names)
    if (isSigned) signed.push(field)
  }
  if (signed.length > 0) lockedFields(comparison, signed)
}

/** True when the field is in order and has a signature. Two fields of one name could be taken for each other. */
function newField(comparison: Comparison, field: Field, names: ReadonlySet<string>): boolean {
  const { dict, ref, type, value, name } = field
  const isWidget = readName(dict.get('Subtype') ?? NULL) === 'Widget'
  if (!comparison.isNew(ref.number) || type !== 'Sig' || !isWidget || names.has(name)) return false
  if ([...dict.keys()].some((key) => !FIELD_KEYS.has(key))) return false
  const shown = appearanceObjects(comparison, dict.get('AP'))
  if (!shown) return false
  if (value === undefined) {
    // What is shown needs somebody who signs for it.
    if (shownBox(comparison, dict)) return false
    comparison.addedFields.add(ref.number)
    comparison.report({ kind: 'field', field: name }, [ref.number, ...demands(comparison, dict)])
    return false
  }
  const objects = signatureObjects(comparison, field)
  if (!objects) return false
  comparison.addedFields.add(ref.number)
  tell(comparison, field, true, [ref.number, ...objects, ...shown, ...demands(comparison, dict)])
  return true
}

function demands(comparison: Comparison, dict: Dict): number[] {
  return ['Lock', 'SV', 'MK'].flatMap((key) => comparison.newObjectsFrom(dict.get(key)))
}

/** A field that was empty and may differ in its signature and its appearance alone. */
function filledField(comparison: Comparison, was: Field, field: Field): boolean {
  if (!comparison.changed.has(field.ref.number)) return false
  const isFilled = field.type === 'Sig' && was.type === 'Sig' && was.value === undefined && field.value !== undefined
  const objects = isFilled ? signatureObjects(comparison, field) : undefined
  if (!objects || was.name !== field.name || was.widget?.ref.number !== field.widget?.ref.number) return false
  const shown = appearanceObjects(comparison, field.widget?.dict.get('AP'))
  if (!shown) return false
  const parts = new Set([field.ref.number, ...(field.widget ? [field.widget.ref.number] : [])])
  const keys = new Set(SIGNED_KEYS)
  const changed = [...parts].filter((number) => comparison.changed.has(number))
  if (changed.some((number) => !comparison.differsOnlyIn(number, keys))) return false
  tell(comparison, field, false, [...changed, ...objects, ...shown])
  return true
}

/** The signature dictionary that a field got and what came with it, or undefined when it is no new signature. */
function signatureObjects(comparison: Comparison, { value }: Field): number[] | undefined {
  const ref = readRef(value ?? NULL)
  const object = ref && comparison.isNew(ref.number) ? comparison.objectAfter(ref.number) : undefined
  const dict = comparison.after.dict(object?.ref)
  if (!object || object.streamOffset !== undefined || !dict?.has('Contents') || !dict.has('ByteRange')) return undefined
  return [object.ref.number, ...comparison.newObjectsFrom(object.value)]
}

function tell(comparison: Comparison, field: Field, isNewField: boolean, objects: readonly number[]): void {
  const widget = field.widget?.dict
  const box = widget && shownBox(comparison, widget)
  const dict = comparison.after.dict(field.value)
  const visible = box !== undefined
  if (!visible && nameIn(comparison.after, dict, 'SubFilter') === 'ETSI.RFC3161') {
    comparison.report({ kind: 'timestamp', field: field.name }, objects)
    return
  }
  const covers = isNewField && widget !== undefined && visible && coversPage(comparison, widget, box)
  comparison.report({ kind: 'signature', field: field.name, newField: isNewField, visible, covers }, objects)
}

/** Where a widget shows something: its appearance, or the border and background that viewers paint for it. */
function shownBox(comparison: Comparison, widget: Dict): Box | undefined {
  return ['AP', 'MK', 'Border', 'BS'].some((key) => widget.has(key)) ? visibleBox(comparison, widget) : undefined
}

/**
 * A field that came later was placed by who signs in it, perhaps over something that others signed. After a
 * certification every place on a page counts; without one, the places of what the page had as annotations.
 */
function coversPage(comparison: Comparison, widget: Dict, box: Box): boolean {
  if (comparison.was.permissions.level !== undefined) return true
  const { before } = comparison
  const page = before.dict(widget.get('P'))
  return (before.array(page?.get('Annots')) ?? []).some((item) => {
    const dict = before.dict(item)
    const other = dict && visibleBox(comparison, dict)
    return other !== undefined && overlap(box, other)
  })
}

/** Whoever signs may set the flag "read only" in the fields that the signature locks, as some viewers do. */
function lockedFields(comparison: Comparison, signed: readonly Field[]): void {
  const permissions = permissionsInForce(comparison.after, signed)
  if (permissions.locks.length === 0) return
  const flags = (field: Field | undefined) => readInteger(field?.dict.get('Ff') ?? NULL) ?? 0
  const old = new Map(comparison.was.fields.map((field) => [field.ref.number, field]))
  for (const field of comparison.is.fields) {
    const was = old.get(field.ref.number)
    if (!was || !comparison.changed.has(field.ref.number) || !isLocked(permissions, field.name)) continue
    if (flags(field) === (flags(was) | READ_ONLY)) comparison.allowEntries(field.ref.number, ['Ff'])
  }
}
