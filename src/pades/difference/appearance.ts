import { type Dict, NULL, type PdfDocument, readDict, readInteger, readNumber, readRef } from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { type Comparison, nameIn } from './comparison.ts'

/** Left, bottom, right, top in points. */
export type Box = readonly [left: number, bottom: number, right: number, top: number]

const STATES = new Set(['N', 'R', 'D'])
const HIDDEN = 2
const NO_VIEW = 32

/**
 * Numbers of the new objects of an appearance (ISO 32000-2 12.5.5), or undefined for what is none. A dictionary of
 * streams and nothing else: a stream in its place could be drawn by a page that uses the widget as its resources.
 */
export function appearanceObjects(comparison: Comparison, value: Bytes | undefined): number[] | undefined {
  if (value === undefined) return []
  const holder = readRef(value)
  if (holder && comparison.changed.has(holder.number) && !comparison.isNew(holder.number)) return undefined
  const dict = dictOf(comparison, value)
  if (!dict || [...dict.keys()].some((key) => !STATES.has(key))) return undefined
  const isSound = [...dict.values()].every((state) => isForm(comparison, state) || isFormPerState(comparison, state))
  return isSound ? comparison.newObjectsFrom(value) : undefined
}

function isForm(comparison: Comparison, value: Bytes): boolean {
  const ref = readRef(value)
  const object = ref && comparison.objectAfter(ref.number)
  return object?.streamOffset !== undefined && nameIn(comparison.after, readDict(object.value), 'Subtype') === 'Form'
}

function isFormPerState(comparison: Comparison, value: Bytes): boolean {
  const dict = dictOf(comparison, value)
  return dict !== undefined && [...dict.values()].every((state) => isForm(comparison, state))
}

/** The dictionary that a value is or refers to, unless a stream hangs on it. */
function dictOf({ after }: Comparison, value: Bytes): Dict | undefined {
  const ref = readRef(value)
  return ref && after.object(ref)?.streamOffset !== undefined ? undefined : after.dict(value)
}

/** Where an annotation is, or undefined when it shows nothing. */
export function visibleBox({ after }: Comparison, dict: Dict): Box | undefined {
  const flags = readInteger(after.resolve(dict.get('F') ?? NULL)) ?? 0
  if ((flags & (HIDDEN | NO_VIEW)) !== 0) return undefined
  const box = readBox(after, dict.get('Rect'))
  return box && box[0] < box[2] && box[1] < box[3] ? box : undefined
}

/** A rectangle with its corners in order, or undefined for what is none. */
export function readBox(document: PdfDocument, value: Bytes | undefined): Box | undefined {
  const [a, b, c, d] = (document.array(value) ?? []).map((edge) => readNumber(document.resolve(edge)))
  if (a === undefined || b === undefined || c === undefined || d === undefined) return undefined
  return [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)]
}

/** True when two boxes have more than an edge in common. */
export function overlap(a: Box, b: Box): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}
