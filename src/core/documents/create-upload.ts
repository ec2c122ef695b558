import { ulid } from '../../std/ids.ts'
import { later } from '../../std/time.ts'
import { record } from '../audit/record.ts'
import type { Context } from '../context.ts'
import { ensureOnboarding } from '../onboarding/ensure-onboarding.ts'
import { findNewestOnboarding } from '../onboarding/onboardings.store.ts'
import { actingPerson } from '../onboarding/own-onboarding.ts'
import { type DocumentId, readFileName } from './document.ts'
import { insertDocument } from './documents.store.ts'
import { TIERS, type Tier } from './tier.ts'
import { makeUploadForm, type UploadFields } from './upload-form.ts'

export type Upload = { readonly documentId: DocumentId; readonly url: string; readonly fields: UploadFields }

/**
 * Opens an upload: a document without content and the signed form that fills it, once, until its end.
 * @throws DomainError document.name_invalid
 */
export async function createUpload(
  context: Context,
  input: { readonly tier: Tier; readonly fileName: string },
): Promise<Upload> {
  const { clock, random, tenant, vault, settings } = context
  const { id: personId, clientId } = actingPerson(context)
  const fileName = readFileName(input.fileName)
  const now = clock.now()
  const { maxBytes, lifetimeMs } = TIERS[input.tier]
  const expiresAt = later(now, lifetimeMs)
  const id = ulid(now.getTime(), random.bytes) as DocumentId
  const key = await context.db.transaction(async (tx) => {
    const onboarding =
      (await findNewestOnboarding(tx, personId)) ?? (await ensureOnboarding(context, tx, personId, clientId))
    const path = await insertDocument(tx, {
      id,
      tenantId: tenant.id,
      personId,
      path: `${personId}/${onboarding.id}/${fileName}`,
      origin: 'upload',
      sourceId: null,
      maxBytes,
      uploadExpiresAt: expiresAt,
      content: null,
      at: now,
    })
    await record(context, tx, {
      action: 'document.upload_opened',
      subject: { kind: 'document', id },
      details: { tier: input.tier },
    })
    return path
  })
  return {
    documentId: id,
    url: `${settings.publicUrl}/uploads`,
    fields: makeUploadForm(vault, tenant.id, { key, maxBytes, now, expiresAt }),
  }
}
