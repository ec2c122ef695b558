import { hashPrefix, type Signer, signDocument } from '../../src/pades/index.ts'
import type { Source } from '../../src/pdf/index.ts'

/** The same large document for many signers: it is hashed once, then each revision costs the same at any size. */
export async function signForEach(source: Source, signers: Signer[]): Promise<Uint8Array[]> {
  const prefix = await hashPrefix(source, 'sha256')
  const signedAt = new Date()
  return await Promise.all(signers.map((signer) => signDocument(source, { signer, signedAt, prefix })))
}
