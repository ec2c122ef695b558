import { createHash } from 'node:crypto'
import type { Bytes } from '../../std/bytes.ts'
import type { PdfObject } from '../indirect-object.ts'
import { damaged } from '../pdf-error.ts'
import { type Dict, NULL, type Ref, readDict, readName, writeHex } from '../values.ts'
import { aesDecrypt, aesEncrypt, type RandomBytes } from './aes.ts'
import type { Method } from './crypt-filters.ts'
import type { EncryptionDictionary } from './encryption-dictionary.ts'
import type { EncryptionEntry } from './encryption-entry.ts'
import { mapStrings } from './map-strings.ts'
import { type AccessPermissions, readPermissions } from './permissions.ts'
import { rc4 } from './rc4.ts'

/** What a password opened. */
export type Unlocked = { readonly key: Bytes; readonly authenticatedAs: 'user' | 'owner' }

const MAX_OBJECT_KEY_BYTES = 16
/** Cross-reference streams must be readable before the key is known (ISO 32000-2 7.5.8.2). */
const XREF = 'XRef'
const AES_SALT = Buffer.from('sAlT')

/** The open encryption of a document: what its strings and streams say, and how new ones are written. */
export class Encryption {
  /** What the author lets users do. Owners may do everything: ask {@link mayFillForms} and {@link mayAddFields}. */
  readonly permissions: AccessPermissions
  readonly authenticatedAs: 'user' | 'owner'
  readonly entry: EncryptionEntry
  readonly #dictionary: EncryptionDictionary
  readonly #key: Bytes

  constructor(entry: EncryptionEntry, dictionary: EncryptionDictionary, { key, authenticatedAs }: Unlocked) {
    this.entry = entry
    this.permissions = readPermissions(dictionary.permissionBits, dictionary.revision)
    this.authenticatedAs = authenticatedAs
    this.#dictionary = dictionary
    this.#key = key
  }

  /** Filling fields that are there, signature fields among them (ISO 32000-2 table 22, bits 6 and 9). */
  get mayFillForms(): boolean {
    return this.authenticatedAs === 'owner' || this.permissions.annotate || this.permissions.fillForms
  }

  /** Making fields, signature fields among them (bits 4 and 6 together). */
  get mayAddFields(): boolean {
    return this.authenticatedAs === 'owner' || (this.permissions.annotate && this.permissions.modify)
  }

  /** The value of an object outside object streams, with its strings open. Throws `pdf.damaged`. */
  openValue({ ref, stored, streamOffset }: PdfObject): Bytes {
    const method = this.#dictionary.filters.strings
    const isPlain =
      method === 'identity' || ref.number === this.entry.number || (streamOffset !== undefined && isXref(stored))
    return isPlain ? stored : mapStrings(stored, (text) => this.#open(method, ref, text))
  }

  /**
   * The data of a stream, still packed. `filter` is the crypt filter that the stream names itself.
   * Throws `pdf.damaged`.
   */
  openStream(ref: Ref, dict: Dict, data: Bytes, filter: string | undefined): Bytes {
    return this.#open(this.#streamMethod(dict, filter), ref, data)
  }

  /** A string of this object as it must be written, in hexadecimal. */
  sealString(ref: Ref, text: Bytes, random: RandomBytes): string {
    return writeHex(this.#seal(this.#dictionary.filters.strings, ref, text, random))
  }

  /** A value with its strings as they must be written. */
  sealValue(ref: Ref, value: Bytes, random: RandomBytes): Bytes {
    const method = this.#dictionary.filters.strings
    return method === 'identity' ? value : mapStrings(value, (text) => this.#seal(method, ref, text, random))
  }

  /** The packed data of a stream as it must be written. */
  sealStream(ref: Ref, dict: Dict, data: Bytes, filter: string | undefined, random: RandomBytes): Bytes {
    return this.#seal(this.#streamMethod(dict, filter), ref, data, random)
  }

  #streamMethod(dict: Dict, filter: string | undefined): Method {
    const { filters, encryptMetadata } = this.#dictionary
    if (filter !== undefined)
      return filters.named.get(filter) ?? damaged('encryption', 'a stream names an unknown crypt filter')
    const type = typeOf(dict)
    if (type === XREF || (type === 'Metadata' && !encryptMetadata)) return 'identity'
    return type === 'EmbeddedFile' ? filters.embeddedFiles : filters.streams
  }

  #open(method: Method, ref: Ref, data: Bytes): Bytes {
    if (method === 'identity') return data
    const key = this.#objectKey(method, ref)
    return method === 'rc4' ? rc4(key, data) : aesDecrypt(key, data)
  }

  #seal(method: Method, ref: Ref, data: Bytes, random: RandomBytes): Bytes {
    if (method === 'identity') return data
    const key = this.#objectKey(method, ref)
    return method === 'rc4' ? rc4(key, data) : aesEncrypt(key, data, random)
  }

  /** Up to revision 4 each object has its own key (ISO 32000-2 7.6.3.2, algorithm 1); later all have that of the file. */
  #objectKey(method: Method, { number, generation }: Ref): Bytes {
    if (method === 'aes-256') return this.#key
    const hash = createHash('md5').update(this.#key)
    hash.update(Buffer.of(number, number >> 8, number >> 16, generation, generation >> 8))
    if (method === 'aes-128') hash.update(AES_SALT)
    return hash.digest().subarray(0, Math.min(this.#key.length + 5, MAX_OBJECT_KEY_BYTES))
  }
}

function typeOf(dict: Dict | undefined): string | undefined {
  return readName(dict?.get('Type') ?? NULL)
}

function isXref(value: Bytes): boolean {
  return typeOf(readDict(value)) === XREF
}
