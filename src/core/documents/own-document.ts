import { isUlid } from '../../std/ids.ts'
import type { Context, Tx } from '../context.ts'
import { fail } from '../errors.ts'
import { actingPerson } from '../onboarding/own-onboarding.ts'
import type { Document } from './document.ts'
import { findDocument } from './documents.store.ts'

/** How a caller names a document: by the id from the upload, or by its path. */
export type DocumentReference = { readonly id: string } | { readonly path: string }

/**
 * The acting person's document. Within one company, somebody else's is told apart from none; across companies not.
 *
 * @throws DomainError document.not_found, document.not_yours
 */
export async function ownDocument(context: Context, tx: Tx, reference: DocumentReference): Promise<Document> {
  const by = 'id' in reference ? { id: reference.id.toUpperCase() } : reference
  const found = 'id' in by && !isUlid(by.id) ? undefined : await findDocument(tx, by)
  if (!found) fail('document.not_found')
  if (found.personId !== actingPerson(context).id) fail('document.not_yours')
  return found
}
