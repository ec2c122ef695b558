import type { Bytes } from '../../std/bytes.ts'
import { damaged, PdfError } from '../pdf-error.ts'
import { readString } from '../string-value.ts'
import { type Dict, latin1, NULL, readInteger, readName } from '../values.ts'
import { type CryptFilters, onlyRc4, readCryptFilters } from './crypt-filters.ts'

/** What the standard security handler needs to know (ISO 32000-2 tables 20 and 21). */
export type EncryptionDictionary = {
  readonly revision: number
  /** Of the key of the whole file. */
  readonly keyBytes: number
  readonly owner: Bytes
  readonly user: Bytes
  /** /P as a signed number of 32 bits. */
  readonly permissionBits: number
  readonly encryptMetadata: boolean
  readonly filters: CryptFilters
  /** What revisions 5 and 6 have besides. */
  readonly wrapped?: WrappedKeys
}

export type WrappedKeys = { readonly byOwner: Bytes; readonly byUser: Bytes; readonly permissions: Bytes }

/** Revisions of the handler by version; whatever is not here is not known. */
const REVISIONS: Readonly<Record<number, readonly number[]>> = { 1: [2, 3], 2: [3], 4: [4], 5: [5, 6] }

/**
 * Reads an encryption dictionary. Its values must stand in it: strings of other objects would be encrypted.
 * Throws `pdf.damaged`, and `pdf.unsupported_encryption` for other handlers and versions.
 */
export function readEncryptionDictionary(dict: Dict): EncryptionDictionary {
  const filter = readName(dict.get('Filter') ?? NULL) ?? damaged('encryption', 'the security handler has no name')
  if (filter !== 'Standard') unsupported('only passwords can open files here', { handler: filter.slice(0, 40) })
  const version = integer(dict, 'V')
  const revision = integer(dict, 'R')
  if (!REVISIONS[version]?.includes(revision))
    unsupported('the version of the encryption is not known', { version, revision })
  const common = {
    revision,
    permissionBits: readBits(dict),
    encryptMetadata: version < 4 || readFlag(dict, 'EncryptMetadata', true),
  }
  if (version === 5) return { ...common, keyBytes: 32, ...readModern(dict) }
  return {
    ...common,
    keyBytes: keyBytes(dict, version),
    owner: bytes(dict, 'O', 32),
    user: bytes(dict, 'U', 32),
    filters: version === 4 ? readCryptFilters(dict, 4) : onlyRc4,
  }
}

function readModern(dict: Dict) {
  return {
    owner: bytes(dict, 'O', 48),
    user: bytes(dict, 'U', 48),
    filters: readCryptFilters(dict, 5),
    wrapped: { byOwner: bytes(dict, 'OE', 32), byUser: bytes(dict, 'UE', 32), permissions: bytes(dict, 'Perms', 16) },
  }
}

function unsupported(message: string, details: Record<string, string | number>): never {
  throw new PdfError('pdf.unsupported_encryption', `the file is encrypted and ${message}`, details)
}

function integer(dict: Dict, key: string): number {
  return readInteger(dict.get(key) ?? NULL) ?? damaged('encryption', `/${key} of the encryption is not a number`)
}

/** The first `length` bytes: some writers pad to a fixed length. */
function bytes(dict: Dict, key: string, length: number): Bytes {
  const value = readString(dict.get(key) ?? NULL)
  if (!value || value.length < length) damaged('encryption', `/${key} of the encryption is missing or too short`)
  return value.subarray(0, length)
}

/** /Length counts in bits. Version 1 has 40 and version 4 has 128, whatever it says. */
function keyBytes(dict: Dict, version: number): number {
  if (version === 1) return 5
  if (version === 4) return 16
  const bits = dict.has('Length') ? integer(dict, 'Length') : 40
  if (bits < 40 || bits > 128 || bits % 8 !== 0) damaged('encryption', '/Length of the encryption is out of range')
  return bits / 8
}

/** /P: 32 bits that some writers take for an unsigned number. */
function readBits(dict: Dict): number {
  const value = integer(dict, 'P')
  if (value < -(2 ** 31) || value >= 2 ** 32) damaged('encryption', '/P of the encryption is out of range')
  return value | 0
}

function readFlag(dict: Dict, key: string, otherwise: boolean): boolean {
  const value = dict.get(key)
  if (value === undefined) return otherwise
  const text = latin1(value)
  if (text !== 'true' && text !== 'false') damaged('encryption', `/${key} of the encryption is not a boolean`)
  return text === 'true'
}
