import type { Tx } from '../context.ts'
import type { PersonId } from '../people/person.ts'
import type { TenantId } from '../tenants/tenant.ts'
import { type Document, type DocumentId, freeNames } from './document.ts'
import type { StoredAs } from './file-store.ts'

const COLUMNS = ['id', 'person_id', 'path', 'origin', 'max_bytes', 'upload_expires_at', 'sha256', 'size'] as const

const documentOf = (row: {
  id: string
  person_id: string
  path: string
  origin: Document['origin']
  max_bytes: number
  upload_expires_at: Date | null
  sha256: string | null
  size: number | null
}): Document => ({
  id: row.id as DocumentId,
  personId: row.person_id as PersonId,
  path: row.path,
  origin: row.origin,
  maxBytes: row.max_bytes,
  uploadExpiresAt: row.upload_expires_at,
  content: row.sha256 !== null && row.size !== null ? { sha256: row.sha256, size: row.size } : null,
})

export async function findDocument(
  tx: Tx,
  by: { readonly id: string } | { readonly path: string },
): Promise<Document | undefined> {
  const query = tx.selectFrom('documents').select(COLUMNS)
  const row = await ('id' in by ? query.where('id', '=', by.id) : query.where('path', '=', by.path)).executeTakeFirst()
  return row && documentOf(row)
}

export type NewDocument = {
  readonly id: DocumentId
  readonly tenantId: TenantId
  readonly personId: PersonId
  readonly path: string
  /** Put before the ending of the name. */
  readonly suffix?: string
  readonly origin: Document['origin']
  readonly sourceId: DocumentId | null
  readonly maxBytes: number
  readonly uploadExpiresAt: Date | null
  readonly content: StoredAs | null
  readonly at: Date
}

/** How many names are tried for one file before its id goes into the name. */
const NAMES = 20

/** Stores a document under the first free name; gives the path it got. */
export async function insertDocument(tx: Tx, document: NewDocument): Promise<string> {
  let tried = 0
  for (const path of freeNames(document.path, document.suffix)) {
    const last = ++tried > NAMES
    const taken = last ? path.replace(/\.pdf$/, `-${document.id}.pdf`) : path
    const made = await tx
      .insertInto('documents')
      .values({
        id: document.id,
        tenant_id: document.tenantId,
        person_id: document.personId,
        path: taken,
        origin: document.origin,
        source_id: document.sourceId,
        max_bytes: document.maxBytes,
        upload_expires_at: document.uploadExpiresAt,
        sha256: document.content?.sha256 ?? null,
        size: document.content?.size ?? null,
        created_at: document.at,
        stored_at: document.content ? document.at : null,
      })
      .onConflict((conflict) => conflict.columns(['tenant_id', 'path']).doNothing())
      .returning('path')
      .executeTakeFirst()
    if (made) return made.path
    if (last) break
  }
  throw new Error('no free name for a document')
}

/** Gives a document its content, once: false when it has some. */
export async function fillDocument(tx: Tx, id: DocumentId, content: StoredAs, at: Date): Promise<boolean> {
  const filled = await tx
    .updateTable('documents')
    .set({ sha256: content.sha256, size: content.size, stored_at: at })
    .where('id', '=', id)
    .where('sha256', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return filled !== undefined
}
