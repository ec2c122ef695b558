import {
  acroForm,
  type Dict,
  type Field,
  NULL,
  type PdfDocument,
  readInteger,
  readName,
  readString,
  readText,
} from '../pdf/index.ts'
import type { FieldLock } from './field-lock.ts'
import { refuse } from './pades-error.ts'

/** What a certification allows after it (ISO 32000-2 table 257): 1 nothing, 2 forms, 3 forms and annotations. */
export type CertificationLevel = 1 | 2 | 3

/** What the signatures of a document allow to whoever comes after them. */
export type Permissions = {
  /** The strictest level that a certification, or a lock that has one, sets; undefined when none does. */
  readonly level?: CertificationLevel
  readonly locks: readonly Pick<FieldLock, 'action' | 'fields'>[]
}

/** A signature reference dictionary of a signed field, with its parameters. */
type Transform = { readonly method: string; readonly parameters: Dict }

/** Signature fields that have a signature. */
export function signedFields(fields: readonly Field[]): Field[] {
  return fields.filter((field) => field.type === 'Sig' && field.value !== undefined)
}

/** What the signatures in these fields allow. Throws `PdfError` for a document that cannot be read. */
export function permissionsInForce(document: PdfDocument, fields: readonly Field[]): Permissions {
  const levels: CertificationLevel[] = []
  const locks: Permissions['locks'][number][] = []
  for (const field of signedFields(fields)) {
    const lock = document.dict(field.dict.get('Lock'))
    // ISO 32000-2 table 236: a lock may take from the whole document what its signer did not certify.
    if (lock?.has('P')) levels.push(levelOf(document, lock))
    for (const { method, parameters } of transformsOf(document, field)) {
      if (method === 'DocMDP') levels.push(levelOf(document, parameters))
      if (method === 'FieldMDP') locks.push(lockOf(document, parameters))
    }
  }
  const [level] = levels.toSorted((a, b) => a - b)
  return level === undefined ? { locks } : { level, locks }
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

/** 2 where none is given (ISO 32000-2 table 257); an unknown one counts as 1. */
function levelOf(document: PdfDocument, parameters: Dict): CertificationLevel {
  const value = parameters.get('P')
  const level = value === undefined ? 2 : readInteger(document.resolve(value))
  return level === 2 || level === 3 ? level : 1
}

/** An unknown action counts as `All`. */
function lockOf(document: PdfDocument, parameters: Dict): Permissions['locks'][number] {
  const action = readName(document.resolve(parameters.get('Action') ?? NULL))
  const fields = (document.array(parameters.get('Fields')) ?? []).map((item) =>
    readText(readString(document.resolve(item)) ?? new Uint8Array()),
  )
  return { action: action === 'Include' || action === 'Exclude' ? action : 'All', fields }
}

/** True when an earlier signature locks the field of this name (ISO 32000-2 12.8.2.4). */
export function isLocked({ locks }: Permissions, name: string): boolean {
  return locks.some(({ action, fields }) => {
    const listed = fields.some((one) => name === one || name.startsWith(`${one}.`))
    return action === 'All' || (action === 'Include' ? listed : !listed)
  })
}

/**
 * Refuses a signature in this field, before anything is hashed or written. Throws `pades.xfa`,
 * `pades.certified_no_changes` or `pades.field_locked`.
 */
export function requireSigning(document: PdfDocument, fields: readonly Field[], name: string): void {
  requireFilling(document, fields, [name])
}

/** Refuses to fill in these fields. Throws `pades.xfa`, `pades.certified_no_changes` or `pades.field_locked`. */
export function requireFilling(document: PdfDocument, fields: readonly Field[], names: readonly string[]): void {
  const permissions = permissionsUnlessDynamic(document, fields)
  if (permissions.level === 1) refuseCertified('pades.certified_no_changes')
  for (const field of names)
    if (isLocked(permissions, field)) refuse('pades.field_locked', 'an earlier signature locks the field', { field })
}

/** Refuses new fields that nobody signs in. Throws `pades.xfa`, `pades.certified_no_changes`, `pades.certified`. */
export function requireNewFields(document: PdfDocument, fields: readonly Field[]): void {
  const { level } = permissionsUnlessDynamic(document, fields)
  if (level !== undefined) refuseCertified(level === 1 ? 'pades.certified_no_changes' : 'pades.certified')
}

/** Refuses annotations. Throws `pades.xfa`, `pades.certified_no_changes` or `pades.certified`. */
export function requireAnnotating(document: PdfDocument, fields: readonly Field[]): void {
  const { level } = permissionsUnlessDynamic(document, fields)
  if (level === 1 || level === 2) refuseCertified(level === 1 ? 'pades.certified_no_changes' : 'pades.certified')
}

/** Refuses what changes the pages themselves once anybody signed. Throws `pades.xfa` or `pades.signed`. */
export function requirePageChange(document: PdfDocument, fields: readonly Field[]): void {
  permissionsUnlessDynamic(document, fields)
  if (signedFields(fields).length > 0)
    refuse('pades.signed', 'the document has a signature that the change would break')
}

function permissionsUnlessDynamic(document: PdfDocument, fields: readonly Field[]): Permissions {
  if (acroForm(document)?.has('XFA')) refuse('pades.xfa', 'the document has an XFA form')
  return permissionsInForce(document, fields)
}

function refuseCertified(code: 'pades.certified_no_changes' | 'pades.certified'): never {
  const message =
    code === 'pades.certified'
      ? 'the document is certified and does not allow this change'
      : 'the document is certified and allows no further change'
  return refuse(code, message)
}
