export { acroForm, type Field, formFields } from './acro-form.ts'
export { canonicalText, sameEntry } from './canonical.ts'
export { type OpenOptions, openPdf, PdfDocument } from './document.ts'
export type { PdfObject } from './indirect-object.ts'
export { defaultLimits, type Limits } from './limits.ts'
export { findPage, type Page, pages } from './page-tree.ts'
export { PdfError, type PdfErrorCode } from './pdf-error.ts'
export { editDict, type Revision, RevisionWriter } from './revision-writer.ts'
export { bytesSource, firstBytes, type Source } from './source.ts'
export { type Appearance, decimal, textAppearance } from './text-appearance.ts'
export { readDate, readText, writeDate, writeText } from './text-string.ts'
export {
  type Dict,
  isNull,
  latin1,
  NULL,
  type Ref,
  readArray,
  readDict,
  readInteger,
  readName,
  readNumber,
  readRef,
  readString,
  writeArray,
  writeDict,
  writeHex,
  writeName,
  writeRef,
} from './values.ts'
export type { XrefEntry, XrefRevision } from './xref-section.ts'
