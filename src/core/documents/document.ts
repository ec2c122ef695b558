import type { Branded } from '../../std/ids.ts'
import { fail } from '../errors.ts'
import type { PersonId } from '../people/person.ts'

export type DocumentId = Branded<string, 'DocumentId'>

export type Document = {
  readonly id: DocumentId
  readonly personId: PersonId
  /** Names the document to its company: unique in a tenant, and not a secret. */
  readonly path: string
  readonly origin: 'upload' | 'signature'
  readonly maxBytes: number
  readonly uploadExpiresAt: Date | null
  /** What it holds, for ever; null until the upload is complete. */
  readonly content: { readonly sha256: string; readonly size: number } | null
}

export type StoredDocument = Document & { readonly content: NonNullable<Document['content']> }

const MAX_NAME = 150

/**
 * Reads the name of a file to upload: one path segment that ends in `.pdf`.
 * @throws DomainError document.name_invalid
 */
export function readFileName(text: string): string {
  const name = text.normalize('NFC').trim()
  const plain = !/[\p{Cc}\p{Cf}\p{Cs}\\/]/u.test(name) && !name.startsWith('.')
  if (!plain || name.length > MAX_NAME || !/^.+\.pdf$/i.test(name)) fail('document.name_invalid')
  return name
}

/** The last segment of a path. */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Names for a file whose own name is taken: `contract.pdf`, `contract-2.pdf`, … */
export function* freeNames(path: string, suffix = ''): Generator<string> {
  const stem = path.replace(/\.pdf$/i, '')
  yield `${stem}${suffix}.pdf`
  for (let number = 2; ; number++) yield `${stem}${suffix}-${number}.pdf`
}

/** @throws DomainError document.not_uploaded */
export function requireContent(document: Document): StoredDocument {
  const { content } = document
  if (!content) fail('document.not_uploaded')
  return { ...document, content }
}
