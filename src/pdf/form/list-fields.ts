import type { PdfDocument } from '../document.ts'
import { type Edges, readEdges } from '../page-geometry.ts'
import { pages } from '../page-tree.ts'
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
  const fields = formFields(document)
  const pageOf = pagesOfAnnotations(document)
  const order = calculationOrder(document)
  return fields.map((field) => {
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
  })
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
function pagesOfAnnotations(document: PdfDocument): Map<number, number> {
  const found = new Map<number, number>()
  let index = 0
  for (const { dict } of pages(document)) {
    for (const item of document.array(dict.get('Annots')) ?? []) {
      const ref = readRef(item)
      if (ref) found.set(ref.number, index)
    }
    index++
  }
  return found
}
