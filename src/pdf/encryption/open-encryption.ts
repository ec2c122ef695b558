import { type Bytes, equalBytes } from '../../std/bytes.ts'
import { PdfError } from '../pdf-error.ts'
import { Encryption, type Unlocked } from './encryption.ts'
import { type EncryptionDictionary, readEncryptionDictionary } from './encryption-dictionary.ts'
import { type EncryptedFile, type EncryptionEntry, findEncryption } from './encryption-entry.ts'
import { legacyOwnerKey, legacyUserKey } from './legacy-key.ts'
import { checkPermissionEntry, modernOwnerKey, modernUserKey } from './modern-key.ts'
import { passwordBytes } from './password-bytes.ts'

export type Secrets = {
  /** As it was typed. */
  readonly password?: string | undefined
  /** The encryption of a later state of the same file, which is open already. */
  readonly unlocked?: Encryption | undefined
}

/**
 * Opens the encryption of a document: as owner, as user, or as everybody, when the user password is empty; that is
 * tried without one as well. Undefined for a plain document.
 *
 * Throws `pdf.password_needed`, `pdf.unsupported_encryption` and `pdf.damaged`.
 */
export function openEncryption(file: EncryptedFile, { password = '', unlocked }: Secrets): Encryption | undefined {
  const entry = findEncryption(file)
  if (entry === undefined) return undefined
  if (unlocked && isSameEntry(unlocked.entry, entry)) return unlocked
  const dictionary = readEncryptionDictionary(entry.dict)
  const opened =
    (password === '' ? undefined : authenticate(dictionary, entry.fileId, password)) ??
    asUser(dictionary, entry.fileId, NO_PASSWORD)
  if (!opened)
    throw new PdfError(
      'pdf.password_needed',
      password === '' ? 'the file needs a password' : 'the password does not open the file',
    )
  if (dictionary.wrapped) checkPermissionEntry(dictionary, dictionary.wrapped, opened.key)
  return new Encryption(entry, dictionary, opened)
}

function isSameEntry(a: EncryptionEntry, b: EncryptionEntry): boolean {
  return a.text === b.text && a.number === b.number && equalBytes(a.fileId, b.fileId)
}

const NO_PASSWORD: Bytes = Buffer.alloc(0)

/** As owner first: who has both passwords in one may do everything. */
function authenticate(dictionary: EncryptionDictionary, fileId: Bytes, password: string): Unlocked | undefined {
  for (const bytes of passwordBytes(password, dictionary.revision)) {
    const opened = asOwner(dictionary, fileId, bytes) ?? asUser(dictionary, fileId, bytes)
    if (opened) return opened
  }
  return undefined
}

function asOwner(dictionary: EncryptionDictionary, fileId: Bytes, password: Bytes): Unlocked | undefined {
  const { wrapped } = dictionary
  const key = wrapped ? modernOwnerKey(dictionary, wrapped, password) : legacyOwnerKey(dictionary, fileId, password)
  return key && { key, authenticatedAs: 'owner' }
}

function asUser(dictionary: EncryptionDictionary, fileId: Bytes, password: Bytes): Unlocked | undefined {
  const { wrapped } = dictionary
  const key = wrapped ? modernUserKey(dictionary, wrapped, password) : legacyUserKey(dictionary, fileId, password)
  return key && { key, authenticatedAs: 'user' }
}
