import type { PdfDocument } from '../document.ts'
import { annotatedPages } from '../page-tree.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import { archivePart } from '../text/archive-part.ts'
import { FontBook } from '../text/font-book.ts'
import type { Typesetter } from '../text/typesetter.ts'
import { NULL, type Ref, readArray, readDict, readRef, writeArray } from '../values.ts'
import { acroForm, type Field, formFields } from './acro-form.ts'
import { redrawField } from './draw-field.ts'
import { editForm, editObject } from './edit-object.ts'
import { widgetsOf } from './field-entries.ts'
import { refuseField } from './form-refusal.ts'
import { drawOnPage, putBrackets } from './page-drawing.ts'
import type { Studio } from './text-widget.ts'
import { placementOf } from './widget-placement.ts'

/**
 * Makes fields a part of their pages: what they show is drawn there, and they are taken out of the form. Signature
 * fields stay: all other fields are flattened when no names are given. Works on what the revision holds by now, so
 * that fields may be filled before; a value that was never drawn is drawn first. Throws `pdf.form` for a name that is
 * unknown or a signature field, and for a value that cannot be shown.
 */
export function flattenFields(
  document: PdfDocument,
  writer: RevisionWriter,
  typesetter: Typesetter,
  names?: readonly string[],
): void {
  if (acroForm(document)?.has('XFA')) refuseField('', 'xfa', 'the form is an XFA form')
  const fields = chosenFields(formFields(document), names)
  drawMissing({ document, writer, book: new FontBook(writer, typesetter) }, fields)
  const widgets = new Set(fields.flatMap((field) => widgetsOf(document, field)).map(({ ref }) => ref.number))
  drawWidgets(document, writer, widgets)
  removeFields(document, writer, fields)
}

function chosenFields(fields: readonly Field[], names: readonly string[] | undefined): Field[] {
  if (names === undefined) return fields.filter(({ type }) => type !== 'Sig')
  const byName = Map.groupBy(fields, ({ name }) => name)
  return [...new Set(names)].flatMap((name) => {
    const named = byName.get(name) ?? refuseField(name, 'unknown', 'the form has no field of this name')
    const signature = named.find(({ type }) => type === 'Sig')
    if (signature?.value !== undefined) refuseField(name, 'signed', 'the field has a signature')
    if (signature) refuseField(name, 'signature', 'a signature field is signed, not flattened')
    return named
  })
}

function drawMissing(studio: Studio, fields: readonly Field[]): void {
  const { document, writer, book } = studio
  for (const field of fields) {
    const isDrawn = widgetsOf(document, field).every(({ ref }) => readDict(writer.current(ref) ?? NULL)?.has('AP'))
    if (!isDrawn) redrawField(studio, field)
  }
  book.finish(archivePart(document))
}

/** Draws each widget on the page that lists it and takes it off the list. */
function drawWidgets(document: PdfDocument, writer: RevisionWriter, widgets: ReadonlySet<number>): void {
  if (widgets.size === 0) return
  const brackets = putBrackets(writer)
  for (const { page, annotations } of annotatedPages(document)) {
    const isOurs = (item: Uint8Array) => widgets.has(readRef(item)?.number ?? 0)
    const ours = annotations.flatMap((item) => (isOurs(item) ? (readRef(item) ?? []) : []))
    if (ours.length === 0) continue
    const placements = ours.flatMap((ref) => placementOf(document, writer, ref) ?? [])
    if (placements.length > 0) drawOnPage(document, writer, page, placements, brackets)
    replaceList(
      document,
      writer,
      page.ref,
      'Annots',
      annotations.filter((item) => !isOurs(item)),
    )
  }
}

/** Takes fields out of the form, and the fields above them that have no other kids. */
function removeFields(document: PdfDocument, writer: RevisionWriter, fields: readonly Field[]): void {
  const gone = new Set(fields.map(({ ref }) => ref.number))
  for (const { parents } of fields) {
    for (const parent of parents) {
      const kids = document.array(parent.dict.get('Kids')) ?? []
      const left = kids.filter((kid) => !gone.has(readRef(kid)?.number ?? 0))
      if (left.length > 0) {
        replaceList(document, writer, parent.ref, 'Kids', left)
        break
      }
      gone.add(parent.ref.number)
    }
  }
  const form = acroForm(document)
  const without = (key: string) =>
    writeArray((document.array(form?.get(key)) ?? []).filter((item) => !gone.has(readRef(item)?.number ?? 0)))
  if (form) editForm(document, writer, { Fields: without('Fields'), ...(form.has('CO') ? { CO: without('CO') } : {}) })
}

/** Replaces an array entry; an array that is an object of its own is changed alone. */
function replaceList(
  document: PdfDocument,
  writer: RevisionWriter,
  owner: Ref,
  key: string,
  items: readonly Uint8Array[],
): void {
  const value = readDict(writer.current(owner) ?? NULL)?.get(key)
  const own = value && readRef(value)
  if (own && readArray(document.resolve(value))) writer.put(own, writeArray(items))
  else editObject(writer, owner, { [key]: writeArray(items) })
}
