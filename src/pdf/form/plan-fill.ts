import type { PdfDocument } from '../document.ts'
import type { Field } from './acro-form.ts'
import { FLAG, fieldEntry, fieldFlags, integerOf, type Option, optionsOf } from './field-entries.ts'
import { refuseField } from './form-refusal.ts'
import { isCalculated, kindOf } from './list-fields.ts'
import { planButton } from './plan-button.ts'

/** Text; true or false for a check box, or the name of its state; one or several options of a choice. */
export type FieldValue = string | boolean | readonly string[]

/** What a field will hold, after all checks. */
export type Plan =
  | { readonly kind: 'text'; readonly field: Field; readonly text: string; readonly flags: number }
  | { readonly kind: 'state'; readonly field: Field; readonly state: string }
  | { readonly kind: 'choice'; readonly field: Field; readonly chosen: readonly Chosen[]; readonly isCombo: boolean }

/** An option that was chosen; without a place for what was typed into an editable one. */
export type Chosen = Option & { readonly index: number | undefined }

/** The most characters that are taken where the field itself sets no limit. */
const MAX_TEXT = 20_000

/** Checks one value against its field; `order` has the numbers of the fields that are computed. Throws `pdf.form`. */
export function planFill(document: PdfDocument, field: Field, value: FieldValue, order: ReadonlySet<number>): Plan {
  const flags = fieldFlags(document, field)
  const kind = kindOf(field, flags)
  requireOpen(document, field, flags, order)
  switch (kind) {
    case 'text':
      return { kind: 'text', field, flags, text: planText(document, field, flags, value) }
    case 'checkbox':
    case 'radio':
      return { kind: 'state', field, state: planButton(document, field, kind, value) }
    case 'choice':
    case 'combo':
      return { kind: 'choice', field, chosen: planChoice(document, field, flags, value), isCombo: kind === 'combo' }
    case 'signature':
      return refuseField(field.name, 'signature', 'a signature field is signed, not filled')
    case 'button':
    case 'unknown':
      return refuseField(field.name, 'button', 'the field holds no value')
  }
}

/** Refuses a field that persons may not change. */
function requireOpen(document: PdfDocument, field: Field, flags: number, order: ReadonlySet<number>): void {
  if ((flags & FLAG.readOnly) !== 0) refuseField(field.name, 'read_only', 'the field may only be read')
  if (isCalculated(document, field, order)) refuseField(field.name, 'calculated', 'the form computes the field')
}

function planText(document: PdfDocument, field: Field, flags: number, value: FieldValue): string {
  const { name } = field
  if (typeof value !== 'string') refuseField(name, 'type', 'the field takes text')
  if ((flags & FLAG.password) !== 0) refuseField(name, 'password', 'a password must not be kept in a document')
  if ((flags & FLAG.fileSelect) !== 0) refuseField(name, 'file', 'the field takes a file')
  const text = value.replace(/\r\n?/g, '\n')
  if ((flags & FLAG.multiline) === 0 && text.includes('\n')) refuseField(name, 'lines', 'the field has one line')
  const limit = integerOf(document, fieldEntry(document, field, 'MaxLen')) ?? MAX_TEXT
  if ([...text].length > Math.min(limit, MAX_TEXT)) refuseField(name, 'too_long', 'the text is longer than the field')
  return text
}

function planChoice(document: PdfDocument, field: Field, flags: number, value: FieldValue): Chosen[] {
  const { name } = field
  if (typeof value === 'boolean') refuseField(name, 'type', 'the field takes one of its options')
  const wanted = typeof value === 'string' ? [value] : value
  const isMany = (flags & FLAG.multiSelect) !== 0 && (flags & FLAG.combo) === 0
  if (wanted.length > 1 && !isMany) refuseField(name, 'option', 'the field takes one option')
  const options = optionsOf(document, field)
  const mayType = (flags & FLAG.combo) !== 0 && (flags & FLAG.edit) !== 0
  const chosen = wanted.map((text): Chosen => {
    // What is stored goes before what is read: two options may be read alike.
    const stored = options.findIndex((option) => option.value === text)
    const index = stored >= 0 ? stored : options.findIndex((option) => option.label === text)
    const option = options[index]
    if (option) return { ...option, index }
    if (!mayType || /[\r\n]/.test(text) || text.length > MAX_TEXT)
      refuseField(name, 'option', 'the value is not an option of the field')
    return { value: text, label: text, index: undefined }
  })
  return chosen.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
}
