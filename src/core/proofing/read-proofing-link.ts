import type { Platform } from '../context.ts'
import type { Proofing } from './proofing.ts'
import { findProofingByToken } from './proofings.store.ts'
import { proofingTokenHash } from './start-proofing.ts'

/**
 * How the session behind a proofing link stands; undefined for a link that never was or was replaced. Reading does
 * not spend the link: a mail scanner may follow it.
 */
export async function readProofingLink(
  platform: Platform,
  token: string,
): Promise<(Pick<Proofing, 'status' | 'expiresAt'> & { readonly sandbox: boolean }) | undefined> {
  return await platform.database.platform.transaction((tx) => findProofingByToken(tx, proofingTokenHash(token)))
}
