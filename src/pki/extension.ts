import type { Bytes } from '../std/bytes.ts'
import { children, type Der, expectTag, fieldsOf } from './der-reader.ts'
import { booleanValue } from './der-values.ts'
import { boolean, octetString, oid, sequence, TAG } from './der-writer.ts'
import { oidText } from './object-identifier.ts'
import { refuse } from './pki-error.ts'

/** An extension of a certificate (RFC 5280 4.1.2.9). */
export type Extension = {
  /** Dotted object identifier. */
  readonly id: string
  readonly critical: boolean
  /** The DER value inside the OCTET STRING. */
  readonly value: Bytes
}

/** FALSE is the default and so is left out (X.690 11.5). */
export function encodeExtension({ id, critical, value }: Extension): Buffer {
  return critical ? sequence(oid(id), boolean(true), octetString(value)) : sequence(oid(id), octetString(value))
}

/** Reads Extensions. Throws `pki.certificate` for an empty list and for one extension twice (RFC 5280 4.2). */
export function readExtensions(node: Der): Map<string, Extension> {
  const found = new Map<string, Extension>()
  for (const child of children(expectTag(node, TAG.sequence, 'Extensions'))) {
    const extension = readExtension(child)
    if (found.has(extension.id))
      refuse('pki.certificate', `the extension ${extension.id} stands twice`, { clause: 'RFC 5280 4.2' })
    found.set(extension.id, extension)
  }
  if (found.size === 0) refuse('pki.certificate', 'the list of extensions is empty', { clause: 'RFC 5280 4.1' })
  return found
}

/** The first extension that must not be passed over and is none of those that are understood (RFC 5280 4.2). */
export function unknownCritical(
  extensions: ReadonlyMap<string, Extension>,
  understood: ReadonlySet<string>,
): string | undefined {
  for (const { id, critical } of extensions.values()) if (critical && !understood.has(id)) return id
  return undefined
}

function readExtension(node: Der): Extension {
  const fields = fieldsOf(node, 'Extension')
  const id = oidText(fields.take(TAG.oid))
  const flag = fields.maybe(TAG.boolean)
  const critical = flag !== undefined && booleanValue(flag)
  if (flag && !critical) refuse('pki.der', 'a default value is written out')
  const value = fields.take(TAG.octetString).content
  fields.end()
  return { id, critical, value }
}
