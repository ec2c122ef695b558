export { type AppearanceContent, appearance } from './appearance/appearance.ts'
export type { Turn } from './appearance/drawing.ts'
export type { Stroke, StrokePoint } from './appearance/strokes.ts'
export { type AppendOptions, appendInPlace, appendToCopy } from './append-file.ts'
export { canonicalText, sameEntry } from './canonical.ts'
export { decimal } from './decimal.ts'
export { PdfDocument } from './document.ts'
export type { Encryption } from './encryption/encryption.ts'
export type { AccessPermissions } from './encryption/permissions.ts'
export { requireSigningAllowed, type SigningKind } from './encryption/require-signing-allowed.ts'
export { type FileSource, fileSource } from './file-source.ts'
export { acroForm, type Field, formFields, type Widget } from './form/acro-form.ts'
export { type FieldValues, type FillOptions, fillFields } from './form/fill-fields.ts'
export { flattenFields } from './form/flatten-fields.ts'
export type { FieldRefusal } from './form/form-refusal.ts'
export { type FieldInfo, type FieldKind, listFields } from './form/list-fields.ts'
export type { FieldValue } from './form/plan-fill.ts'
export type { PdfObject } from './indirect-object.ts'
export { joinedSource } from './joined-source.ts'
export { defaultLimits, type Limits } from './limits.ts'
export { type OpenOptions, openPdf } from './open-pdf.ts'
export { type Edges, inheritedEntry, pageRotation, readEdges, visibleBox } from './page-geometry.ts'
export { findPage, type Page, pages, pageWith } from './page-tree.ts'
export { PdfError, type PdfErrorCode } from './pdf-error.ts'
export type { FindingCode, PdfFinding } from './repair/finding.ts'
export { editDict, type Revision, RevisionWriter } from './revision-writer.ts'
export { bytesSource, firstBytes, type Source } from './source.ts'
export { readString } from './string-value.ts'
export { archivePart } from './text/archive-part.ts'
export type { Direction, Typesetter } from './text/typesetter.ts'
export { readDate, readText, textBytes, writeDate, writeText } from './text-string.ts'
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
  writeArray,
  writeDict,
  writeHex,
  writeName,
  writeRef,
} from './values.ts'
export type { XrefEntry, XrefRevision, XrefSection } from './xref-section.ts'
