import { type Report, validate } from '../../pades/index.ts'
import { PdfError } from '../../pdf/index.ts'
import type { Context } from '../context.ts'
import type { StoredDocument } from '../documents/document.ts'
import type { StoredFile } from '../documents/file-store.ts'
import { fail } from '../errors.ts'

/** Opens the stored bytes of a document for the time of `work`. */
export async function withFile<Result>(
  context: Pick<Context, 'files'>,
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

/** What our own authority signed, judged now. Revocation is the platform's own to know: it asks its rows. */
export async function validateStored(context: Pick<Context, 'authority' | 'clock'>, file: StoredFile): Promise<Report> {
  const { authority, clock } = context
  return await validate(file, {
    trustAnchors: [authority.rootCertificate],
    intermediates: [authority.issuingCertificate],
    time: clock.now(),
    revocation: 'none',
  })
}

/**
 * Refuses a file that cannot be signed: not a PDF, or one that can only be read by guessing, or one that carries a
 * signature which is broken already.
 *
 * @throws DomainError document.unreadable, with the reason
 */
export async function requireSignable(context: Context, document: StoredDocument): Promise<void> {
  await withFile(context, document.content.sha256, async (file) => {
    const report = await translating(() => validateStored(context, file))
    if (report.indication === 'TOTAL-FAILED') fail('document.unreadable', { reason: 'broken_signature' })
  })
}

/** Turns a refusal of the reader into one of the platform. */
async function translating<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PdfError) fail('document.unreadable', { ...error.details, reason: error.code }, error)
    throw error
  }
}
