import type { Bytes } from '../../std/bytes.ts'
import type { PdfDocument } from '../document.ts'
import { damaged, overLimit } from '../pdf-error.ts'
import { readString } from '../string-value.ts'
import { readText } from '../text-string.ts'
import { type Dict, isNull, NULL, type Ref, readName, readRef } from '../values.ts'

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
  readonly widget: Widget | undefined
  /** Its kids, which are annotations; none when the field is its own. */
  readonly kids: readonly Ref[]
  /** The fields above it, the nearest first: what it lacks, it has from them. */
  readonly parents: readonly { readonly ref: Ref; readonly dict: Dict }[]
}

/** An annotation that shows a field. */
export type Widget = { readonly ref: Ref; readonly dict: Dict }

type Node = {
  readonly ref: Ref
  readonly name: string
  readonly type?: string | undefined
  readonly value?: Bytes | undefined
  readonly depth: number
  readonly parents: Field['parents']
}

/** The form of the document, or undefined. Throws `pdf.damaged` when /AcroForm is of another type. */
export function acroForm(document: PdfDocument): Dict | undefined {
  const value = document.catalog.get('AcroForm') ?? NULL
  return document.dict(value) ?? (isNull(document.resolve(value)) ? undefined : damaged('form', 'the form is not one'))
}

/** All terminal fields. Throws `pdf.damaged` for a field that hangs in two places, and `pdf.limit`. */
export function formFields(document: PdfDocument): Field[] {
  const fields: Field[] = []
  const seen = new Set<number>()
  const { nodes, depth } = document.limits
  const roots = document.arrayOrNull(acroForm(document)?.get('Fields'), 'form') ?? []
  if (roots.length > nodes) overLimit('nodes', nodes)
  const waiting: Node[] = roots.map((item) => ({ ref: fieldRef(item), name: '', depth: 0, parents: [] })).toReversed()
  let kidsLeft = nodes - roots.length
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (seen.has(node.ref.number)) damaged('form', 'a field stands twice in the form')
    seen.add(node.ref.number)
    if (node.depth > depth) overLimit('depth', depth)
    const read = readNode(document, node, kidsLeft)
    kidsLeft -= read.kidCount
    if (read.field) fields.push(read.field)
    for (const kid of read.named.toReversed()) waiting.push(kid)
  }
  return fields
}

function fieldRef(item: Bytes): Ref {
  return readRef(item) ?? damaged('form', 'a field is not an object')
}

/** A field that has no fields below it, or the fields below it; widgets are kids that are counted alone. */
type ReadNode = { readonly field?: Field; readonly named: readonly Node[]; readonly kidCount: number }

function readNode(document: PdfDocument, node: Node, kidsLeft: number): ReadNode {
  const dict = document.dict(node.ref)
  // A field that was freed leaves a reference to nothing, which is null (ISO 32000-2 7.3.10).
  if (dict === undefined) return { named: [], kidCount: 0 }
  const name = fullName(document, dict, node.name)
  const type = readName(document.resolve(dict.get('FT') ?? NULL)) ?? node.type
  const own = dict.get('V')
  const value = own === undefined || isNull(document.resolve(own)) ? node.value : own
  const kids = (document.arrayOrNull(dict.get('Kids'), 'form') ?? []).map(fieldRef)
  const kidCount = kids.length
  if (kidCount > kidsLeft) overLimit('nodes', document.limits.nodes)
  const named = kids.filter((kid) => document.dict(kid)?.has('T'))
  const { parents } = node
  if (named.length > 0) {
    const above = [{ ref: node.ref, dict }, ...parents]
    return { named: named.map((ref) => ({ ref, name, type, value, depth: node.depth + 1, parents: above })), kidCount }
  }
  return {
    field: { ref: node.ref, dict, name, type, value, widget: widgetOf(document, node.ref, dict, kids), kids, parents },
    named: [],
    kidCount,
  }
}

/** Characters of a full name: a long one above is repeated by every field below it. */
const MAX_NAME = 4096

function fullName(document: PdfDocument, dict: Dict, above: string): string {
  const bytes = readString(document.resolve(dict.get('T') ?? NULL))
  if (bytes === undefined) return above
  const name = above === '' ? readText(bytes) : `${above}.${readText(bytes)}`
  return name.length <= MAX_NAME ? name : overLimit('field_name', MAX_NAME)
}

function widgetOf(document: PdfDocument, ref: Ref, dict: Dict, kids: readonly Ref[]): Field['widget'] {
  const [kid, ...others] = kids
  if (kid === undefined) return { ref, dict }
  const kidDict = document.dict(kid)
  return others.length === 0 && kidDict ? { ref: kid, dict: kidDict } : undefined
}
