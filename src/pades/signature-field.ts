import {
  acroForm,
  type Dict,
  decimal,
  editDict,
  type Field,
  findPage,
  NULL,
  type PdfDocument,
  pageWith,
  type Ref,
  type RevisionWriter,
  readDict,
  readEdges,
  readInteger,
  readRef,
  visibleBox,
  writeArray,
  writeRef,
  writeText,
} from '../pdf/index.ts'
import type { Bytes } from '../std/bytes.ts'
import { refuse } from './pades-error.ts'
import { type AppearanceRequest, emptyAppearance, putAppearance } from './signature-appearance.ts'

/** Control characters, and halves of a pair of UTF-16 that stand alone: no other reader shows such a name as it is. */
const UNFIT_FOR_NAMES = /[\p{Cc}\p{Cs}]/u

/** Left, bottom, right, top in points. */
export type Rectangle = readonly [left: number, bottom: number, right: number, top: number]

/** The field that takes the signature: one that is there, by its full name, or a new one. */
export type FieldRequest =
  | { readonly existing: string }
  | {
      /** A free name is chosen when none is given. */
      readonly name?: string
      /** Counted from 0; the first page when none is given. */
      readonly page?: number
      /** Without it the signature is invisible. */
      readonly rectangle?: Rectangle
    }

/** Print, and locked against moving (ISO 32000-2 table 167). */
const WIDGET_FLAGS = 132
/** SignaturesExist and AppendOnly (ISO 32000-2 table 225). */
const SIGNATURE_FLAGS = 3

/** The full name of the field that a request means, or a free one after `prefix`. Throws `pades.field_…` when it cannot be had. */
export function fieldName(fields: readonly Field[], request: FieldRequest, prefix = 'Signature'): string {
  if ('existing' in request) return request.existing
  const taken = new Set(fields.map((field) => field.name))
  if (request.name !== undefined) {
    if (request.name === '' || request.name.includes('.') || UNFIT_FOR_NAMES.test(request.name))
      refuse('pades.request', 'the name of a field must have a character, no dot and no control character', {
        what: 'name',
      })
    if (taken.has(request.name)) refuse('pades.field_taken', 'the document has a field of this name')
    return request.name
  }
  for (let i = 1; ; i++) if (!taken.has(`${prefix}${i}`)) return `${prefix}${i}`
}

/** The existing, empty signature field of this name. Throws `pades.field_…` or `pades.already_signed`. */
export function emptySignatureField(fields: readonly Field[], name: string): Field {
  const field = fields.find((candidate) => candidate.name === name)
  if (!field) refuse('pades.field_unknown', 'the document has no field of this name')
  if (field.type !== 'Sig') refuse('pades.field_type', 'the field is not a signature field')
  if (field.value !== undefined) refuse('pades.already_signed', 'the field has a signature')
  return field
}

/** Puts the signature into an existing field; its place, page and flags stay as they are. */
export async function fillField(
  document: PdfDocument,
  writer: RevisionWriter,
  field: Field,
  signature: Ref,
  appearance: AppearanceRequest | undefined,
): Promise<void> {
  writer.put(field.ref, editDict(field.dict, { V: writeRef(signature) }))
  markForm(document, writer, undefined)
  if (!appearance) return
  const { widget } = field
  if (!widget) refuse('pades.request', 'the field is shown in several places', { what: 'appearance' })
  const rectangle = readEdges(document, widget.dict.get('Rect'))
  if (!rectangle) refuse('pades.request', 'the field has no rectangle', { what: 'appearance' })
  const shown = await putAppearance(document, writer, appearance, {
    page: pageWith(document, widget.ref)?.dict,
    rectangle,
  })
  writer.put(widget.ref, editDict(readDict(writer.current(widget.ref) ?? NULL), { AP: shown }))
}

/** Makes a field with its annotation in one object, and hangs it into the form and onto its page. */
export async function addField(
  document: PdfDocument,
  writer: RevisionWriter,
  name: string,
  request: Exclude<FieldRequest, { existing: string }>,
  signature: Ref,
  appearance: AppearanceRequest | undefined,
): Promise<void> {
  const page = findPage(document, request.page ?? 0)
  const rectangle = request.rectangle ?? [0, 0, 0, 0]
  if (rectangle.some((edge) => !Number.isFinite(edge)) || rectangle[0] > rectangle[2] || rectangle[1] > rectangle[3])
    refuse('pades.request', 'the rectangle is not one', { what: 'rectangle' })
  if (appearance && !meets(rectangle, visibleBox(document, page.dict)))
    refuse('pades.request', 'the rectangle lies outside the page', { what: 'rectangle' })
  const place = { page: page.dict, rectangle }
  const shown = appearance
    ? await putAppearance(document, writer, appearance, place)
    : emptyAppearance(document, writer)
  const field = writer.allocate()
  writer.put(
    field,
    `<</Type/Annot/Subtype/Widget/FT/Sig/T${writeText(name)}/F ${WIDGET_FLAGS}/Rect[${rectangle.map(decimal).join(' ')}]` +
      `/P ${writeRef(page.ref)}/V ${writeRef(signature)}${shown === undefined ? '' : `/AP ${shown}`}>>`,
  )
  markForm(document, writer, field)
  appendToArray(document, writer, page.ref, 'Annots', field)
}

/** True when two rectangles have more than an edge in common. */
function meets(a: Rectangle, b: Rectangle): boolean {
  return a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
}

/** Sets the flags of the form, makes the form when there is none, and lists a new field. */
function markForm(document: PdfDocument, writer: RevisionWriter, field: Ref | undefined): void {
  const value = document.catalog.get('AcroForm')
  const form = acroForm(document)
  const ref = value && form && readRef(value)
  if (!form || !ref) {
    const edited = editDict(form ?? new Map(), formEntries(document, form, field))
    // What was collected before may have changed the catalog already.
    const catalog = readDict(writer.current(document.catalogRef) ?? NULL)
    writer.put(document.catalogRef, editDict(catalog, { AcroForm: edited }))
    return
  }
  if (readInteger(document.resolve(form.get('SigFlags') ?? NULL)) !== SIGNATURE_FLAGS)
    writer.put(ref, editDict(form, { SigFlags: String(SIGNATURE_FLAGS) }))
  if (field) appendToArray(document, writer, ref, 'Fields', field)
}

function formEntries(
  document: PdfDocument,
  form: Dict | undefined,
  field: Ref | undefined,
): Record<string, Bytes | string> {
  const flags = { SigFlags: String(SIGNATURE_FLAGS) }
  if (!field) return flags
  const listed = [...(document.arrayOrNull(form?.get('Fields'), 'form') ?? []), Buffer.from(writeRef(field))]
  return { ...flags, Fields: writeArray(listed) }
}

/** Adds a reference to an array of a dictionary object; an array that is an object of its own is changed alone. */
function appendToArray(document: PdfDocument, writer: RevisionWriter, owner: Ref, key: string, item: Ref): void {
  const dict = readDict(writer.current(owner) ?? NULL)
  const value = dict?.get(key)
  const items = writeArray([...(document.arrayOrNull(value, 'array') ?? []), Buffer.from(writeRef(item))])
  const own = value && readRef(value)
  if (own && document.array(value)) writer.put(own, items)
  else writer.put(owner, editDict(dict, { [key]: items }))
}
