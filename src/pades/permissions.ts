import type { Dict } from '../pdf/index.ts'
import {
  acroForm,
  type Field,
  NULL,
  type PdfDocument,
  readInteger,
  readName,
  readString,
  readText,
} from '../pdf/index.ts'
import { refuse } from './pades-error.ts'

/** What a certification allows after it (ISO 32000-2 table 257): 1 nothing, 2 forms, 3 forms and annotations. */
export type CertificationLevel = 1 | 2 | 3

/** A signature reference dictionary of a signed field, with its parameters. */
type Transform = { readonly method: string; readonly parameters: Dict }

/** Signature fields that have a signature. */
export function signedFields(fields: readonly Field[]): Field[] {
  return fields.filter((field) => field.type === 'Sig' && field.value !== undefined)
}

function transformsOf(document: PdfDocument, field: Field): Transform[] {
  const references = document.array(document.dict(field.value)?.get('Reference')) ?? []
  return references.flatMap((reference) => {
    const dict = document.dict(reference)
    const method = readName(document.resolve(dict?.get('TransformMethod') ?? NULL))
    const parameters = document.dict(dict?.get('TransformParams')) ?? new Map()
    return method === undefined ? [] : [{ method, parameters }]
  })
}

/** The certification of the document, or undefined when it has none. An unknown level counts as 1. */
export function certificationLevel(document: PdfDocument, fields: readonly Field[]): CertificationLevel | undefined {
  const levels = signedFields(fields).flatMap((field) =>
    transformsOf(document, field).flatMap(({ method, parameters }): CertificationLevel[] => {
      if (method !== 'DocMDP') return []
      const value = parameters.get('P')
      const level = value === undefined ? 2 : readInteger(document.resolve(value))
      return [level === 2 || level === 3 ? level : 1]
    }),
  )
  return levels.toSorted((a, b) => a - b)[0]
}

/** True when an earlier signature locks the field of this name (ISO 32000-2 12.8.2.4). */
function isLocked(document: PdfDocument, fields: readonly Field[], name: string): boolean {
  return signedFields(fields).some((field) =>
    transformsOf(document, field).some(({ method, parameters }) => {
      if (method !== 'FieldMDP') return false
      const names = (document.array(parameters.get('Fields')) ?? []).map((item) => textOf(document, item))
      const listed = names.some((listedName) => name === listedName || name.startsWith(`${listedName}.`))
      const action = readName(document.resolve(parameters.get('Action') ?? NULL))
      return action === 'Include' ? listed : action === 'Exclude' ? !listed : true
    }),
  )
}

function textOf(document: PdfDocument, value: Uint8Array): string {
  return readText(readString(document.resolve(value)) ?? new Uint8Array())
}

/** Refuses a document that must not get a signature in this field, before anything is hashed or written. */
export function requirePermission(document: PdfDocument, fields: readonly Field[], name: string): void {
  if (acroForm(document)?.has('XFA')) refuse('pades.xfa', 'the document has an XFA form')
  if (certificationLevel(document, fields) === 1)
    refuse('pades.certified_no_changes', 'the document is certified and allows no further change')
  if (isLocked(document, fields, name)) refuse('pades.field_locked', 'an earlier signature locks the field')
}
