import { canonicalText } from '../canonical.ts'
import type { PdfObject } from '../indirect-object.ts'
import { damaged } from '../pdf-error.ts'
import { readString } from '../string-value.ts'
import { type Dict, isNull, NULL, type Ref, readArray, readDict, readRef } from '../values.ts'
import { sectionsOf, type XrefRevision, type XrefSection } from '../xref-section.ts'

/** The parts of a document that say how it is encrypted; nothing of them is encrypted itself. */
export type EncryptionEntry = {
  readonly dict: Dict
  /** The same dictionary in the same file has the same text. */
  readonly text: string
  /** The number of the dictionary's object; undefined when it stands in the trailer. */
  readonly number: number | undefined
  /** The first part of /ID, which does not change with revisions; empty when there is none. */
  readonly fileId: Uint8Array
}

/** What is needed of a document to find its encryption. */
export type EncryptedFile = {
  /** Newest first. */
  readonly revisions: readonly XrefRevision[]
  /** The object at an offset, as it stands there. Throws `pdf.damaged`. */
  readonly objectAt: (offset: number) => PdfObject
}

/**
 * Finds the encryption of a document, or undefined for a plain one. All revisions must agree: one that adds, drops or
 * changes it would give the earlier ones another content. Throws `pdf.damaged`.
 */
export function findEncryption({ revisions, objectAt }: EncryptedFile): EncryptionEntry | undefined {
  const sections = sectionsOf(revisions)
  const entries = sections.map(encryptOf).filter((entry) => entry !== undefined)
  const [entry] = entries
  if (entry === undefined) return undefined
  if (entries.some((other) => canonicalText(other) !== canonicalText(entry)))
    damaged('encryption', 'two revisions name different encryptions')
  // A linearised file may name it in the section that comes first in the file alone.
  const tables = revisions.map(({ section }) => section)
  const oldest = tables.reduce((first, section) => (section.offset < first.offset ? section : first))
  if ([tables[0], oldest].some((section) => section && encryptOf(section) === undefined))
    damaged('encryption', 'a revision adds or drops the encryption of the file')
  const ref = readRef(entry)
  const value = ref ? onlyVersion(sections, ref, objectAt) : entry
  const dict = readDict(value) ?? damaged('encryption', '/Encrypt is not a dictionary')
  return { dict, text: canonicalText(value), number: ref?.number, fileId: readFileId(tables[0]) }
}

function encryptOf({ trailer }: XrefSection): Uint8Array | undefined {
  const value = trailer.get('Encrypt') ?? NULL
  return isNull(value) ? undefined : value
}

/** The value of an object that every section which has it must give alike. */
function onlyVersion(sections: readonly XrefSection[], ref: Ref, objectAt: EncryptedFile['objectAt']): Uint8Array {
  const values = sections.flatMap((section) => {
    const place = section.entry(ref.number)
    // ISO 32000-2 7.5.7: what opens object streams cannot lie in one.
    if (place?.kind === 'compressed') damaged('encryption', '/Encrypt lies in an object stream')
    return place?.kind === 'offset' ? [valueAt(objectAt(place.offset), ref)] : []
  })
  const [value] = values
  if (value === undefined) damaged('encryption', 'the object of /Encrypt is missing')
  if (values.some((other) => canonicalText(other) !== canonicalText(value)))
    damaged('encryption', 'a revision changes the encryption of the file')
  return value
}

function valueAt(object: PdfObject, { number, generation }: Ref): Uint8Array {
  if (object.ref.number !== number || object.ref.generation !== generation)
    damaged('encryption', 'another object stands where /Encrypt should be')
  return object.stored
}

function readFileId(section: XrefSection | undefined): Uint8Array {
  const value = section?.trailer.get('ID') ?? NULL
  if (isNull(value)) return Buffer.alloc(0)
  const [first] = readArray(value) ?? []
  return (first && readString(first)) ?? damaged('encryption', '/ID of the encrypted file is not two strings')
}
