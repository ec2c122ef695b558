// The document: its objects, its pages, its revisions.

export { PdfDocument } from './document.ts'
export type { PdfObject } from './indirect-object.ts'
export { defaultLimits, type Limits } from './limits.ts'
export { type OpenOptions, openPdf } from './open-pdf.ts'
export { type Edges, inheritedEntry, pageRotation, readEdges, visibleBox } from './page-geometry.ts'
export { findPage, type Page, pages, pageWith } from './page-tree.ts'
export { PdfError, type PdfErrorCode } from './pdf-error.ts'
export type { FindingCode, PdfFinding } from './repair/finding.ts'
export type { XrefEntry, XrefRevision, XrefSection } from './xref-section.ts'

// Where the bytes are, and what follows them.

export { type AppendOptions, appendInPlace, appendToCopy } from './append-file.ts'
export { type FileSource, fileSource } from './file-source.ts'
export { joinedSource } from './joined-source.ts'
export { editDict, type Revision, RevisionWriter } from './revision-writer.ts'
export { bytesSource, firstBytes, type Source } from './source.ts'

// Passwords, and what the author of an encrypted file allows.

export type { Encryption } from './encryption/encryption.ts'
export type { AccessPermissions } from './encryption/permissions.ts'
export { requireSigningAllowed, type SigningKind } from './encryption/require-signing-allowed.ts'

// Forms.

export { acroForm, type Field, formFields, type Widget } from './form/acro-form.ts'
export { type FieldValues, type FillOptions, fillFields } from './form/fill-fields.ts'
export { flattenFields } from './form/flatten-fields.ts'
export type { FieldRefusal } from './form/form-refusal.ts'
export { type FieldInfo, type FieldKind, listFields } from './form/list-fields.ts'
export type { FieldValue } from './form/plan-fill.ts'

// What is shown.

export { type AppearanceContent, appearance } from './appearance/appearance.ts'
export type { Turn } from './appearance/drawing.ts'
export type { Stroke, StrokePoint } from './appearance/strokes.ts'
export { decimal } from './decimal.ts'
export { archivePart } from './text/archive-part.ts'
export type { Direction, Typesetter } from './text/typesetter.ts'

// Values: read from slices of a file, and written.

export { canonicalText, sameEntry } from './canonical.ts'
export { readString } from './string-value.ts'
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
