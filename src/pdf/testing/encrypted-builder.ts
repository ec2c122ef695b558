import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { type Bytes, concat } from '../../std/bytes.ts'
import { Encryption } from '../encryption/encryption.ts'
import { readEncryptionDictionary } from '../encryption/encryption-dictionary.ts'
import { passwordHash } from '../encryption/modern-key.ts'
import { rc4 } from '../encryption/rc4.ts'
import { skipValue } from '../lexer.ts'
import { defaultLimits } from '../limits.ts'
import { filterSteps } from '../stream-filters.ts'
import { latin1, readDict, writeHex } from '../values.ts'
import { FILE_ID, type Kind, objectsOf, stream, writePdf } from './pdf-builder.ts'

type Variant = { readonly version: number; readonly revision: number; readonly bits: number; readonly method?: string }

/** The ways to encrypt, with the names that the crypt filters have. */
export const variants = {
  'RC4-40': { version: 1, revision: 2, bits: 40 },
  'RC4-128': { version: 2, revision: 3, bits: 128 },
  'RC4-128 by a crypt filter': { version: 4, revision: 4, bits: 128, method: 'V2' },
  'AES-128': { version: 4, revision: 4, bits: 128, method: 'AESV2' },
  'AES-256 of revision 5': { version: 5, revision: 5, bits: 256, method: 'AESV3' },
  'AES-256': { version: 5, revision: 6, bits: 256, method: 'AESV3' },
} as const satisfies Record<string, Variant>
export type VariantName = keyof typeof variants
export const variantNames = Object.keys(variants) as readonly VariantName[]

export type EncryptOptions = {
  readonly user?: string
  readonly owner?: string
  /** /P; everything is allowed when none is given. */
  readonly permissions?: number
  readonly encryptMetadata?: boolean
  /** Puts the encryption dictionary into the trailer instead of an object of its own. */
  readonly inTrailer?: boolean
  /** Entries of the encryption dictionary that are others in the file than those that were used. */
  readonly forged?: Readonly<Record<string, string>>
  readonly objects?: ReadonlyMap<number, string>
}

/** The encryption dictionary's object. */
export const ENCRYPTION_NUMBER = 60

/** Makes an encrypted document. The passwords are taken as they are: none and `owner` when none are given. */
export function buildEncrypted(kind: Kind, name: VariantName, options: EncryptOptions = {}): Buffer {
  const variant: Variant = variants[name]
  const { key, entries } = keysFor(variant, options)
  const text = (changes: Readonly<Record<string, string>>) =>
    `<<${Object.entries({ ...entries, ...changes })
      .map(([entry, value]) => `/${entry} ${value}`)
      .join('')}>>`
  const dict = readDict(Buffer.from(text({}), 'latin1')) ?? new Map()
  const number = options.inTrailer ? undefined : ENCRYPTION_NUMBER
  const entry = { dict, text: '', number, fileId: Buffer.from(FILE_ID, 'hex') }
  const encryption = new Encryption(entry, readEncryptionDictionary(dict), { key, authenticatedAs: 'owner' })
  const inFile = text(options.forged ?? {})
  const objects = new Map(options.objects ?? objectsOf({ form: true }))
  if (number !== undefined) objects.set(number, inFile)
  return writePdf(kind, objects, '\n', {
    trailer: number === undefined ? `/Encrypt ${inFile}` : `/Encrypt ${number} 0 R`,
    dictionary: number,
    seal: (own, body) => sealed(encryption, own, body),
  })
}

/** A body with its strings and its stream as they stand in an encrypted file. */
function sealed(encryption: Encryption, number: number, body: string): string {
  if (number === encryption.entry.number) return body
  const ref = { number, generation: 0 }
  const bytes = Buffer.from(body, 'latin1')
  const value = bytes.subarray(0, skipValue(bytes, 0))
  const head = latin1(encryption.sealValue(ref, value, randomBytes))
  if (value.length === bytes.length) return head
  const dict = readDict(value) ?? new Map()
  const data = bytes.subarray(value.length + '\nstream\n'.length, -'\nendstream'.length)
  const [first] = filterSteps(dict, (item) => item, defaultLimits)
  const out = encryption.sealStream(ref, dict, data, first?.cryptFilter, randomBytes)
  return stream(latin1(out), head.slice(2, -2).replace(/\/Length \d+/, ''))
}

function keysFor(variant: Variant, options: EncryptOptions): { key: Bytes; entries: Record<string, string> } {
  const { permissions = -4, encryptMetadata = true } = options
  const entries: Record<string, string> = {
    Filter: '/Standard',
    V: String(variant.version),
    R: String(variant.revision),
    Length: String(variant.bits),
    P: String(permissions),
  }
  if (variant.method !== undefined) {
    entries['CF'] = `<</StdCF<</CFM/${variant.method}/AuthEvent/DocOpen/Length ${variant.bits / 8}>>>>`
    entries['StmF'] = '/StdCF'
    entries['StrF'] = '/StdCF'
    entries['EncryptMetadata'] = String(encryptMetadata)
  }
  const made = variant.version === 5 ? modern(variant, options) : legacy(variant, options)
  for (const [name, value] of Object.entries(made.strings)) entries[name] = writeHex(value)
  return { key: made.key, entries }
}

type Made = { readonly key: Bytes; readonly strings: Readonly<Record<string, Bytes>> }

const PADDING = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex')
const md5 = (...parts: Bytes[]) =>
  createHash('md5')
    .update(concat(...parts))
    .digest()
const padded = (password: string) => concat(Buffer.from(password), PADDING).subarray(0, 32)

/** ISO 32000-2 7.6.4.3.2 and 7.6.4.4: algorithms 2 to 5. */
function legacy({ revision, bits }: Variant, options: EncryptOptions): Made {
  const { user = '', owner = 'owner', permissions = -4, encryptMetadata = true } = options
  const length = bits / 8
  const stretch = (digest: Bytes) => {
    let out = digest
    for (let i = 0; revision > 2 && i < 50; i++) out = md5(out.subarray(0, length))
    return out.subarray(0, length)
  }
  const rounds = (key: Bytes, text: Bytes) => {
    let out = rc4(key, text)
    for (let i = 1; revision > 2 && i < 20; i++) out = rc4(Buffer.from(key.map((byte) => byte ^ i)), out)
    return out
  }
  const O = rounds(stretch(md5(padded(owner))), padded(user))
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(permissions)
  const id = Buffer.from(FILE_ID, 'hex')
  const also = revision >= 4 && !encryptMetadata ? Buffer.alloc(4, 0xff) : Buffer.alloc(0)
  const key = stretch(md5(padded(user), O, bytes, id, also))
  const U = rounds(key, revision === 2 ? PADDING : md5(PADDING, id))
  return { key, strings: { O, U: concat(U, Buffer.alloc(32)).subarray(0, 32) } }
}

/** ISO 32000-2 7.6.4.4.7 to 7.6.4.4.9: algorithms 8 to 10. */
function modern({ revision }: Variant, options: EncryptOptions): Made {
  const { user = '', owner = 'owner', permissions = -4, encryptMetadata = true } = options
  const key = Buffer.alloc(32, 'the key of the file')
  const entry = (password: string, also: Bytes) => {
    const [check, wrap] = [Buffer.from('checking'), Buffer.from('wrapping')]
    const hash = (salt: Bytes) => passwordHash(revision, Buffer.from(password), salt, also)
    const cipher = createCipheriv('aes-256-cbc', hash(wrap), Buffer.alloc(16)).setAutoPadding(false)
    return { text: concat(hash(check), check, wrap), wrapped: cipher.update(key) }
  }
  const asUser = entry(user, Buffer.alloc(0))
  const asOwner = entry(owner, asUser.text)
  const block = Buffer.from(`....\xff\xff\xff\xff${encryptMetadata ? 'T' : 'F'}adb....`, 'latin1')
  block.writeInt32LE(permissions)
  const Perms = createCipheriv('aes-256-ecb', key, null).setAutoPadding(false).update(block)
  return { key, strings: { U: asUser.text, UE: asUser.wrapped, O: asOwner.text, OE: asOwner.wrapped, Perms } }
}
