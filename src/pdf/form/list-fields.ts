import type { PdfDocument } from '../document.ts'
import { type Edges, readEdges } from '../page-geometry.ts'
import { annotatedPages } from '../page-tree.ts'
import { overLimit } from '../pdf-error.ts'
import { NULL, readName, readRef } from '../values.ts'
import { acroForm, type Field, formFields } from './acro-form.ts'
import {
  FLAG,
  fieldEntry,
  fieldFlags,
  integerOf,
  type Option,
  onStates,
  optionsOf,
  textOf,
  widgetsOf,
} from './field-entries.ts'

export type FieldKind = 'text' | 'checkbox' | 'radio' | 'choice' | 'combo' | 'signature' | 'button' | 'unknown'

/** What can be known of a field without its appearance. */
export type FieldInfo = {
  readonly name: string
  readonly kind: FieldKind
  /** Text, the stored value of a choice or the state of a button; a list where several are chosen. */
  readonly value: string | readonly string[] | undefined
  /** Of a choice its options; of a check box or radio button the states other than off. */
  readonly options: readonly Option[]
  readonly required: boolean
  readonly readOnly: boolean
  readonly maxLength: number | undefined
  readonly multiline: boolean
  readonly comb: boolean
  /** True when a script computes the value or it is listed in the order of computation. */
  readonly calculated: boolean
  /** True when signing this field locks others. */
  readonly hasLock: boolean
  readonly tooltip: string | undefined
  /** Where it is shown; the page counts from 0 and is missing when no page lists the annotation. */
  readonly places: readonly { readonly page: number | undefined; readonly rectangle: Edges | undefined }[]
}

/** All fields of the form with what they hold. Throws `PdfError` for a form that cannot be read. */
export function listFields(document: PdfDocument): FieldInfo[] {
  const around = { pageOf: pagesOfAnnotations(document), order: calculationOrder(document) }
  const { decodedBytes } = document.limits
  let left = decodedBytes
  return formFields(document).map((field) => {
    const info = infoOf(document, field, around)
    left -= sizeOf(info)
    return left >= 0 ? info : overLimit('field_texts', decodedBytes)
  })
}

/** Where annotations are shown, and which fields are computed. */
type Surroundings = { readonly pageOf: ReadonlyMap<number, number>; readonly order: ReadonlySet<number> }

function infoOf(document: PdfDocument, field: Field, { pageOf, order }: Surroundings): FieldInfo {
  const flags = fieldFlags(document, field)
  const kind = kindOf(field, flags)
  const has = (flag: number) => (flags & flag) !== 0
  return {
    name: field.name,
    kind,
    value: currentValue(document, field),
    options: kind === 'choice' || kind === 'combo' ? optionsOf(document, field) : statesOf(document, field),
    required: has(FLAG.required),
    readOnly: has(FLAG.readOnly),
    maxLength: kind === 'text' ? integerOf(document, fieldEntry(document, field, 'MaxLen')) : undefined,
    multiline: kind === 'text' && has(FLAG.multiline),
    comb: kind === 'text' && has(FLAG.comb),
    calculated: isCalculated(document, field, order),
    hasLock: document.dict(field.dict.get('Lock')) !== undefined,
    tooltip: textOf(document, field.dict.get('TU')),
    places: widgetsOf(document, field).map(({ ref, dict }) => ({
      page: pageOf.get(ref.number),
      rectangle: readEdges(document, dict.get('Rect')),
    })),
  }
}

/** About the bytes that an entry of a list takes beside its text. */
const ENTRY_BYTES = 200

/** About the bytes that the texts of a field take: many fields may have one long list from the same place. */
function sizeOf({ value = '', options, tooltip = '' }: FieldInfo): number {
  const values = typeof value === 'string' ? [value] : value
  const texts = [...values, ...options.map((option) => option.value + option.label), tooltip]
  return texts.reduce((sum, text) => sum + 2 * text.length + ENTRY_BYTES, 0)
}

/** What a field is, by its type and flags. */
export function kindOf({ type }: Field, flags: number): FieldKind {
  switch (type) {
    case 'Tx':
      return 'text'
    case 'Ch':
      return (flags & FLAG.combo) !== 0 ? 'combo' : 'choice'
    case 'Sig':
      return 'signature'
    case 'Btn':
      if ((flags & FLAG.pushButton) !== 0) return 'button'
      return (flags & FLAG.radio) !== 0 ? 'radio' : 'checkbox'
    default:
      return 'unknown'
  }
}

/** The numbers of the fields that the form computes one after another (ISO 32000-2 table 224). */
export function calculationOrder(document: PdfDocument): ReadonlySet<number> {
  const items = document.array(acroForm(document)?.get('CO')) ?? []
  return new Set(items.flatMap((item) => readRef(item)?.number ?? []))
}

/** True when the field is in the order of computation, or has a script that computes it (ISO 32000-2 table 199). */
export function isCalculated(document: PdfDocument, field: Field, order: ReadonlySet<number>): boolean {
  return order.has(field.ref.number) || document.dict(fieldEntry(document, field, 'AA'))?.has('C') === true
}

/** The value of a field: text, the stored option, the name of a state, or several options. */
export function currentValue(document: PdfDocument, field: Field): string | readonly string[] | undefined {
  const value = document.resolve(field.value ?? NULL)
  const list = document.array(value)
  if (list) return list.map((item) => textOf(document, item) ?? '')
  return textOf(document, value) ?? readName(value)
}

function statesOf(document: PdfDocument, field: Field): Option[] {
  if (field.type !== 'Btn') return []
  const states = new Set(widgetsOf(document, field).flatMap(({ dict }) => onStates(document, dict)))
  return [...states].map((state) => ({ value: state, label: state }))
}

/** The page of each annotation, by its object number. The pages are asked, as what an annotation says may be wrong. */
function pagesOfAnnotations(document: PdfDocument): ReadonlyMap<number, number> {
  const found = new Map<number, number>()
  let index = 0
  for (const { annotations } of annotatedPages(document)) {
    for (const item of annotations) {
      const ref = readRef(item)
      if (ref) found.set(ref.number, index)
    }
    index++
  }
  return found
}
