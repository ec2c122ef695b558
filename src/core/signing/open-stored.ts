import type { PlainPolicy } from '../../pades/index.ts'
import type { Needs } from '../context.ts'
import type { StoredFile } from '../documents/file-store.ts'

/** Opens the stored bytes of a document for the time of `work`. */
export async function withFile<Result>(
  context: Needs<'files'>,
  sha256: string,
  work: (file: StoredFile) => Promise<Result>,
): Promise<Result> {
  const file = await context.files.open(sha256)
  try {
    return await work(file)
  } finally {
    await file.close()
  }
}

/** What our own authority signed is trusted, now. Revocation is the platform's own to know: it asks its rows. */
export function ownPolicy({ authority, clock }: Needs<'authority' | 'clock'>): PlainPolicy {
  return {
    trustAnchors: [authority.rootCertificate],
    intermediates: [authority.issuingCertificate],
    time: clock.now(),
    revocation: 'none',
  }
}
