import { sha256 } from '../../std/bytes.ts'
import { later, MINUTE_MS } from '../../std/time.ts'
import { record } from '../audit/record.ts'
import { type Context, contextFor, type Platform } from '../context.ts'
import { fail } from '../errors.ts'
import { actingPerson } from '../onboarding/own-onboarding.ts'
import { findPerson } from '../people/people.store.ts'
import type { PersonId } from '../people/person.ts'
import type { TenantId } from '../tenants/tenant.ts'
import { findTenant } from '../tenants/tenants.store.ts'
import { fileNameOf, requireContent } from './document.ts'
import { findDocument } from './documents.store.ts'
import type { StoredFile } from './file-store.ts'
import { ownDocument } from './own-document.ts'

const LIFETIME_MS = 5 * MINUTE_MS

/** Links carry 256 bits of chance, so a plain hash hides them. */
const tokenHash = (token: string): Buffer => sha256('chancery/download\0', token)

/**
 * Makes a link to a document of the acting person: good once, for five minutes.
 *
 * @throws DomainError document.not_found, document.not_yours, document.not_uploaded
 */
export async function createDownload(context: Context, path: string): Promise<{ readonly url: string }> {
  const token = context.random.bytes(32).toString('base64url')
  const now = context.clock.now()
  await context.db.transaction(async (tx) => {
    const document = requireContent(await ownDocument(context, tx, { path }))
    await tx
      .insertInto('downloads')
      .values({
        token_hash: tokenHash(token),
        tenant_id: context.tenant.id,
        document_id: document.id,
        person_id: actingPerson(context).id,
        created_at: now,
        expires_at: later(now, LIFETIME_MS),
      })
      .execute()
    await record(context, tx, { action: 'document.link_made', subject: { kind: 'document', id: document.id } })
  })
  return { url: `${context.settings.publicUrl}/files/${token}` }
}

export type Download = { readonly fileName: string; readonly file: StoredFile }

/**
 * Redeems a link, once. The link is spent before the first byte is sent: a broken transfer asks for a new one.
 *
 * @throws DomainError document.link_used whatever is wrong with it
 */
export async function redeemDownload(platform: Platform, token: string, requestId: string): Promise<Download> {
  const { database, clock, files } = platform
  const now = clock.now()
  const spent = await database.platform.transaction(async (tx) => {
    const link = await tx
      .updateTable('downloads')
      .set({ used_at: now })
      .where('token_hash', '=', tokenHash(token))
      .where('used_at', 'is', null)
      .where('created_at', '<=', now)
      .where('expires_at', '>', now)
      .returning(['document_id', 'tenant_id', 'person_id'])
      .executeTakeFirst()
    if (!link) return undefined
    const tenant = await findTenant(tx, link.tenant_id as TenantId)
    const document = await findDocument(tx, { id: link.document_id })
    const person = await findPerson(tx, link.person_id as PersonId)
    if (!tenant || tenant.suspended || !document || !person || person.disabled) return undefined
    const actor = { kind: 'system', id: 'download' } as const
    const context = contextFor(platform, { tenant, actor, facade: 'download', requestId })
    await record(context, tx, { action: 'document.downloaded', subject: { kind: 'document', id: document.id } })
    return document
  })
  if (!spent) fail('document.link_used')
  const { path, content } = requireContent(spent)
  return { fileName: fileNameOf(path), file: await files.open(content.sha256) }
}
