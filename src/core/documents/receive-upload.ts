import { ulid } from '../../std/ids.ts'
import { announce } from '../audit/record.ts'
import { type Context, contextFor, type Platform } from '../context.ts'
import { fail } from '../errors.ts'
import { findPerson } from '../people/people.store.ts'
import { findTenant } from '../tenants/tenants.store.ts'
import type { Document } from './document.ts'
import { fillDocument, findDocument } from './documents.store.ts'
import { FileError, type StoredAs } from './file-store.ts'
import { readUploadForm } from './upload-form.ts'

/** An upload whose form is good: what may follow, and into which document. */
export type OpenUpload = { readonly context: Context; readonly document: Document; readonly maxBytes: number }

/**
 * Checks the form that comes before the file.
 * @throws DomainError document.upload_denied, tenant.suspended
 */
export async function openUpload(
  platform: Platform,
  fields: ReadonlyMap<string, string>,
  requestId: string,
): Promise<OpenUpload> {
  const grant = readUploadForm(platform.vault, fields, platform.clock.now())
  const { tenant, document, person } = await platform.database.tenant(grant.tenantId).transaction(async (tx) => {
    const document = await findDocument(tx, { path: grant.key })
    const person = document && (await findPerson(tx, document.personId))
    return { tenant: await findTenant(tx, grant.tenantId), document, person }
  })
  // A form outlives the call that made it: whose it is may have been disabled since.
  if (!tenant || !document || !person || person.disabled) fail('document.upload_denied')
  if (tenant.suspended) fail('tenant.suspended')
  const actor = { kind: 'system', id: 'upload' } as const
  return {
    context: contextFor(platform, { tenant, actor, facade: 'upload', requestId }),
    document,
    maxBytes: grant.maxBytes,
  }
}

/**
 * Stores the file of an upload. The bytes are on the disk before the row says so, and a document's content never
 * changes: the same bytes again are fine, other bytes are refused.
 *
 * @throws DomainError document.too_large, document.already_uploaded, platform.no_space
 */
export async function receiveUpload(upload: OpenUpload, stream: AsyncIterable<Uint8Array>): Promise<StoredAs> {
  const { context, document, maxBytes } = upload
  const stored = await put(context, stream, maxBytes)
  if (stored.size === 0) fail('document.upload_malformed')
  await context.db.transaction(async (tx) => {
    if (await fillDocument(tx, document.id, stored, context.clock.now())) {
      const details = { sha256: stored.sha256, size: stored.size }
      await announce(context, tx, {
        action: 'document.uploaded',
        subject: { kind: 'document', id: document.id },
        details,
      })
      return
    }
    const present = await findDocument(tx, { id: document.id })
    if (present?.content?.sha256 !== stored.sha256) fail('document.already_uploaded')
  })
  return stored
}

/** A request id for what does not come through a facade. */
export function newRequestId(platform: Pick<Platform, 'clock' | 'random'>): string {
  return ulid(platform.clock.now().getTime(), platform.random.bytes)
}

async function put(context: Context, stream: AsyncIterable<Uint8Array>, maxBytes: number): Promise<StoredAs> {
  try {
    return await context.files.put(stream, { maxBytes })
  } catch (error) {
    if (error instanceof FileError && error.code === 'files.too_large') fail('document.too_large', { maxBytes })
    if (error instanceof FileError && error.code === 'files.no_space') fail('platform.no_space', {}, error)
    throw error
  }
}
