import type { Bytes } from '../../std/bytes.ts'
import type { PdfDocument } from '../document.ts'
import { readString } from '../string-value.ts'
import { readText } from '../text-string.ts'
import { type Dict, isNull, NULL, readInteger, readName } from '../values.ts'
import { acroForm, type Field, type Widget } from './acro-form.ts'

/** Bits of /Ff (ISO 32000-2 tables 227, 229, 231, 233). */
export const FLAG = {
  readOnly: 1 << 0,
  required: 1 << 1,
  multiline: 1 << 12,
  password: 1 << 13,
  radio: 1 << 15,
  pushButton: 1 << 16,
  combo: 1 << 17,
  edit: 1 << 18,
  fileSelect: 1 << 20,
  multiSelect: 1 << 21,
  comb: 1 << 24,
} as const

/** An entry of a field, or of the nearest field above it that has it (ISO 32000-2 12.7.4.2). */
export function fieldEntry(document: PdfDocument, { dict, parents }: Field, key: string): Bytes | undefined {
  for (const entries of [dict, ...parents.map((parent) => parent.dict)]) {
    const value = entries.get(key)
    if (value !== undefined && !isNull(document.resolve(value))) return value
  }
  return undefined
}

export function fieldFlags(document: PdfDocument, field: Field): number {
  return integerOf(document, fieldEntry(document, field, 'Ff')) ?? 0
}

/** /DA or /Q, which the form as a whole may have too. */
export function variableTextEntry(
  document: PdfDocument,
  field: Field,
  widget: Dict,
  key: 'DA' | 'Q',
): Bytes | undefined {
  return widget.get(key) ?? fieldEntry(document, field, key) ?? acroForm(document)?.get(key)
}

/** The annotations that show a field. Kids that are missing are left out. */
export function widgetsOf(document: PdfDocument, field: Field): Widget[] {
  if (field.kids.length === 0)
    return readName(document.resolve(field.dict.get('Subtype') ?? NULL)) === 'Widget' ? [field] : []
  return field.kids.flatMap((ref) => {
    const dict = document.dict(ref)
    return dict ? [{ ref, dict }] : []
  })
}

/** The states that a button can show beside `Off` (ISO 32000-2 12.7.5.2.3). */
export function onStates(document: PdfDocument, widget: Dict): string[] {
  const shown = document.dict(document.dict(widget.get('AP'))?.get('N'))
  return [...(shown?.keys() ?? [])].filter((state) => state !== 'Off')
}

/** An option of a choice: what is stored, and what is read. */
export type Option = { readonly value: string; readonly label: string }

/** /Opt of a choice. Throws `pdf.damaged` when it is none. */
export function optionsOf(document: PdfDocument, field: Field): Option[] {
  return (document.arrayOrNull(fieldEntry(document, field, 'Opt'), 'form') ?? []).map((item) => {
    const [value = '', label = value] = (document.array(item) ?? [item]).map((text) => textOf(document, text) ?? '')
    return { value, label }
  })
}

/** The text that a value is, from a string or a stream; undefined for other types. */
export function textOf(document: PdfDocument, value: Bytes | undefined): string | undefined {
  if (value === undefined) return undefined
  const string = readString(document.resolve(value))
  return string && readText(string)
}

export function integerOf(document: PdfDocument, value: Bytes | undefined): number | undefined {
  return value === undefined ? undefined : readInteger(document.resolve(value))
}
