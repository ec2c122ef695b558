import {
  type Dict,
  type Field,
  NULL,
  readArray,
  readDict,
  readInteger,
  readRef,
  sameEntry,
} from '../../../pdf/index.ts'
import type { Bytes } from '../../../std/bytes.ts'
import { appearanceObjects } from '../appearance.ts'
import { type Comparison, nameIn } from '../comparison.ts'

/** What filling in changes: the value and how it is shown, not how it will be shown (/DA, /MK) or what it does (/AA). */
const FILLED_KEYS = new Set(['V', 'RV', 'I', 'AP', 'AS', 'M'])
const PUSH_BUTTON = 1 << 16
/** Set by who locks the field in the same revision; judged with the signature. */
const FLAGS = 'Ff'

/** Other values of text fields, choices, check boxes and radio buttons. */
export function formFill(comparison: Comparison): void {
  const old = new Map(comparison.was.fields.map((field) => [field.ref.number, field]))
  for (const field of comparison.is.fields) {
    const was = old.get(field.ref.number)
    if (was && isFillable(comparison, was) && isFillable(comparison, field)) fill(comparison, was, field)
  }
}

function isFillable({ after }: Comparison, { type, dict }: Field): boolean {
  if (type === 'Tx' || type === 'Ch') return true
  const flags = readInteger(after.resolve(dict.get('Ff') ?? NULL)) ?? 0
  return type === 'Btn' && (flags & PUSH_BUTTON) === 0
}

function fill(comparison: Comparison, was: Field, field: Field): void {
  const parts = [field.ref.number, ...kidsOf(comparison, field)]
  const touched = parts.filter((number) => comparison.changed.has(number) || showsOtherwise(comparison, number))
  if (touched.length === 0 || was.name !== field.name || was.type !== field.type) return
  const objects = touched.map((number) => filledObjects(comparison, number))
  if (!objects.every((part) => part !== undefined)) return
  for (const number of touched) comparison.allowEntries(number, [...FILLED_KEYS])
  if (objects.flat().length > 0 || touched.some((number) => isFilled(comparison, number)))
    comparison.report({ kind: 'form_fill', field: field.name }, objects.flat(), touched)
}

/** The objects that came with the value of a field or widget; undefined when more was changed than filling does. */
function filledObjects(comparison: Comparison, number: number): number[] | undefined {
  const keys = new Set([...FILLED_KEYS, FLAGS])
  if (comparison.changed.has(number) && !comparison.differsOnlyIn(number, keys)) return undefined
  const dict = comparison.after.dict(comparison.objectAfter(number)?.ref)
  const shown = dict && appearanceParts(comparison, number, dict)
  return shown && [...shown, ...['V', 'RV'].flatMap((key) => comparison.newObjectsFrom(dict.get(key)))]
}

/** The widgets that show a field, when they are objects of their own. */
function kidsOf({ after }: Comparison, { dict }: Field): number[] {
  return (after.array(dict.get('Kids')) ?? []).flatMap((kid) => readRef(kid)?.number ?? [])
}

function isFilled(comparison: Comparison, number: number): boolean {
  const [was, is] = [comparison.objectBefore(number), comparison.objectAfter(number)].map((object) =>
    readDict(object?.value ?? NULL),
  )
  return [...FILLED_KEYS].some((key) => !sameEntry(was?.get(key), is?.get(key)))
}

/** True when the widget stayed and a stream of its appearance was replaced where it stands. */
function showsOtherwise(comparison: Comparison, number: number): boolean {
  const dict = comparison.after.dict(comparison.objectAfter(number)?.ref)
  return replacedStreams(comparison, dict).length > 0
}

function replacedStreams(comparison: Comparison, widget: Dict | undefined): number[] {
  const states = [...(comparison.after.dict(widget?.get('AP'))?.values() ?? [])]
  const streams = states.flatMap((state) => [state, ...(readDict(comparison.after.resolve(state))?.values() ?? [])])
  return streams.flatMap((value: Bytes) => {
    const number = readArray(value) ? undefined : readRef(value)?.number
    return number !== undefined && comparison.changed.has(number) && !comparison.isNew(number) ? [number] : []
  })
}

/** The objects of the widget's appearance: new ones, and streams of its own that were replaced where they stand. */
function appearanceParts(comparison: Comparison, widget: number, dict: Dict): number[] | undefined {
  const added = appearanceObjects(comparison, dict.get('AP'))
  const replaced = replacedStreams(comparison, dict)
  const holder = readRef(dict.get('AP') ?? NULL)?.number ?? widget
  const isOwn = (number: number) =>
    comparison.belongsTo(number, [holder]) &&
    nameIn(comparison.after, readDict(comparison.objectBefore(number)?.value ?? NULL), 'Subtype') === 'Form'
  if (!added || !replaced.every(isOwn)) return undefined
  const inside = replaced.flatMap((number) => comparison.newObjectsFrom(comparison.objectAfter(number)?.value))
  return [...added, ...replaced, ...inside]
}
