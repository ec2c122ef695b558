import type { Bytes } from '../std/bytes.ts'
import type { PdfDocument } from './document.ts'
import { damaged, overLimit } from './pdf-error.ts'
import { readText } from './text-string.ts'
import { type Dict, isNull, NULL, type Ref, readName, readRef, readString } from './values.ts'

/** A terminal field of the form. */
export type Field = {
  readonly ref: Ref
  readonly dict: Dict
  /** The names from the root down, joined by dots. */
  readonly name: string
  /** /FT, inherited where the field has none. */
  readonly type: string | undefined
  /** /V, inherited where the field has none; undefined for null. */
  readonly value: Bytes | undefined
  /** The annotation that shows the field: the field itself, or its only kid. Undefined when there are several. */
  readonly widget: { readonly ref: Ref; readonly dict: Dict } | undefined
}

type Node = {
  readonly ref: Ref
  readonly name: string
  readonly type?: string | undefined
  readonly value?: Bytes | undefined
  readonly depth: number
}

/** The form of the document, or undefined. */
export function acroForm(document: PdfDocument): Dict | undefined {
  return document.dict(document.catalog.get('AcroForm'))
}

/** All terminal fields. Throws `pdf.damaged` for a field that hangs in two places, and `pdf.limit`. */
export function formFields(document: PdfDocument): Field[] {
  const fields: Field[] = []
  const seen = new Set<number>()
  const roots = document.array(acroForm(document)?.get('Fields')) ?? []
  const waiting: Node[] = roots.map((item) => ({ ref: fieldRef(item), name: '', depth: 0 })).toReversed()
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (seen.has(node.ref.number)) damaged('form', 'a field stands twice in the form')
    seen.add(node.ref.number)
    if (seen.size > document.limits.nodes) overLimit('nodes', document.limits.nodes)
    if (node.depth > document.limits.depth) overLimit('depth', document.limits.depth)
    const read = readNode(document, node)
    if (read.field) fields.push(read.field)
    waiting.push(...read.kids.toReversed())
  }
  return fields
}

function fieldRef(item: Bytes): Ref {
  return readRef(item) ?? damaged('form', 'a field is not an object')
}

function readNode(document: PdfDocument, node: Node): { field?: Field; kids: Node[] } {
  const dict = document.dict(node.ref)
  // A field that was freed leaves a reference to nothing, which is null (ISO 32000-2 7.3.10).
  if (dict === undefined) return { kids: [] }
  const partial = partialName(document, dict)
  const name = partial === undefined ? node.name : node.name === '' ? partial : `${node.name}.${partial}`
  const type = readName(document.resolve(dict.get('FT') ?? NULL)) ?? node.type
  const own = dict.get('V')
  const value = own === undefined || isNull(document.resolve(own)) ? node.value : own
  const kids = (document.array(dict.get('Kids')) ?? []).map(fieldRef)
  const named = kids.filter((kid) => document.dict(kid)?.has('T'))
  if (named.length > 0) return { kids: named.map((ref) => ({ ref, name, type, value, depth: node.depth + 1 })) }
  return {
    field: { ref: node.ref, dict, name, type, value, widget: widgetOf(document, node.ref, dict, kids) },
    kids: [],
  }
}

function partialName(document: PdfDocument, dict: Dict): string | undefined {
  const bytes = readString(document.resolve(dict.get('T') ?? NULL))
  return bytes && readText(bytes)
}

function widgetOf(document: PdfDocument, ref: Ref, dict: Dict, kids: readonly Ref[]): Field['widget'] {
  const [kid, ...others] = kids
  if (kid === undefined) return { ref, dict }
  const kidDict = document.dict(kid)
  return others.length === 0 && kidDict ? { ref: kid, dict: kidDict } : undefined
}
