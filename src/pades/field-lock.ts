import {
  type Dict,
  type Field,
  NULL,
  type PdfDocument,
  type Ref,
  readInteger,
  readName,
  readString,
  readText,
  writeRef,
} from '../pdf/index.ts'
import { refuse } from './pades-error.ts'
import type { CertificationLevel } from './permissions.ts'

/** Fields that nobody may change after a signature (ISO 32000-2 tables 236, 258). */
export type FieldLock = {
  readonly action: 'All' | 'Include' | 'Exclude'
  /** Full names that the action includes or excludes. */
  readonly fields: readonly string[]
  /** What the whole document allows from then on. */
  readonly permissions?: CertificationLevel
}

const ACTIONS = ['All', 'Include', 'Exclude'] as const

/** The lock that a field demands of whoever signs in it. Throws `pades.field_lock` for one that says nothing clear. */
export function readFieldLock(document: PdfDocument, field: Field): FieldLock | undefined {
  const dict = document.dict(field.dict.get('Lock'))
  if (dict === undefined) return undefined
  const name = readName(document.resolve(dict.get('Action') ?? NULL))
  const action = ACTIONS.find((one) => one === name)
  if (action === undefined) refuse('pades.field_lock', 'the lock of the field has no known action')
  const permissions = permissionsIn(document, dict)
  return { action, fields: namesIn(document, dict), ...(permissions === undefined ? {} : { permissions }) }
}

function namesIn(document: PdfDocument, dict: Dict): string[] {
  return (document.array(dict.get('Fields')) ?? []).map((item) => {
    const bytes = readString(document.resolve(item))
    return bytes
      ? readText(bytes)
      : refuse('pades.field_lock', 'the lock of the field names something else than fields')
  })
}

function permissionsIn(document: PdfDocument, dict: Dict): CertificationLevel | undefined {
  const value = document.resolve(dict.get('P') ?? NULL)
  const level = readInteger(value)
  if (level === undefined) return undefined
  if (level !== 1 && level !== 2 && level !== 3) refuse('pades.field_lock', 'the lock has unknown permissions')
  return level
}

/** The stricter of two permissions; undefined is none. */
export function stricter(
  a: CertificationLevel | undefined,
  b: CertificationLevel | undefined,
): CertificationLevel | undefined {
  return a === undefined || (b !== undefined && b < a) ? b : a
}

/**
 * The /Reference entry of a signature that certifies or locks (ISO 32000-2 tables 255 to 258), or nothing. `text`
 * writes a string as it must stand inside the signature dictionary.
 */
export function signatureReferences(
  wanted: { readonly permissions?: CertificationLevel | undefined; readonly lock?: FieldLock | undefined },
  catalog: Ref,
  text: (value: string) => string,
): string {
  const { permissions, lock } = wanted
  const references: string[] = []
  if (permissions !== undefined) {
    const parameters = `<</Type/TransformParams/P ${permissions}/V/1.2>>`
    references.push(`<</Type/SigRef/TransformMethod/DocMDP/TransformParams${parameters}>>`)
  }
  if (lock !== undefined) {
    const names = lock.action === 'All' ? '' : `/Fields[${lock.fields.map(text).join('')}]`
    const parameters = `<</Type/TransformParams/Action/${lock.action}${names}/V/1.2>>`
    const data = `/Data ${writeRef(catalog)}`
    references.push(`<</Type/SigRef/TransformMethod/FieldMDP${data}/TransformParams${parameters}>>`)
  }
  return references.length === 0 ? '' : `/Reference[${references.join('')}]`
}
