import type { Bytes } from '../../std/bytes.ts'
import type { PdfDocument } from '../document.ts'
import { damaged } from '../pdf-error.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import { NULL, type Ref, readDict, readRef, writeDict } from '../values.ts'

/** Values to set, and undefined for entries to take away. */
export type Changes = Readonly<Record<string, Bytes | string | undefined>>

/** Changes entries of a dictionary object as the revision has it. Throws `pdf.damaged` when it is not one. */
export function editObject(writer: RevisionWriter, ref: Ref, changes: Changes): void {
  const dict = readDict(writer.current(ref) ?? NULL)
  writer.put(ref, edited(dict, changes))
}

/** Changes the form dictionary, wherever it is. */
export function editForm(document: PdfDocument, writer: RevisionWriter, changes: Changes): void {
  const catalog = readDict(writer.current(document.catalogRef) ?? NULL)
  const value = catalog?.get('AcroForm') ?? NULL
  const ref = readRef(value)
  if (ref) editObject(writer, ref, changes)
  else editObject(writer, document.catalogRef, { AcroForm: edited(readDict(value), changes) })
}

function edited(dict: ReadonlyMap<string, Bytes> | undefined, changes: Changes): Bytes {
  const entries = new Map(dict ?? damaged('object', 'an object to be changed is not a dictionary'))
  for (const [key, value] of Object.entries(changes)) {
    if (value === undefined) entries.delete(key)
    else entries.set(key, typeof value === 'string' ? Buffer.from(value, 'latin1') : value)
  }
  return writeDict(entries)
}
