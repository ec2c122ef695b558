import { type Report, type SignatureReport, validate } from '../../pades/index.ts'
import { PdfError } from '../../pdf/index.ts'
import type { UsableCertificate } from '../certificates/own-certificates.ts'
import type { Context } from '../context.ts'
import type { StoredAs, StoredFile } from '../documents/file-store.ts'
import { ownPolicy, withFile } from './open-stored.ts'

/**
 * Nothing is released that our own validator does not pass: the signature by this certificate, over the whole file,
 * and no other one that is broken. Undefined when all is well, else a code.
 */
export async function selfCheck(
  context: Context,
  certificate: UsableCertificate,
  { sha256 }: StoredAs,
): Promise<string | undefined> {
  const report = await withFile(context, sha256, (file) => judge(context, file))
  if (!report) return 'self_check:unreadable'
  const serial = certificate.serial.toString('hex')
  const ours = report.signatures.filter(
    (one) => one.signer?.serial.toLowerCase() === serial && one.coverage === 'whole_document',
  )
  const bad = report.signatures.find(({ indication }) => indication === 'TOTAL-FAILED')
  return ours.length === 1 && isPassed(ours[0]) && !bad
    ? undefined
    : `self_check:${bad?.reason?.code ?? ours[0]?.reason?.code ?? 'missing'}`
}

/** The verdict, or undefined for a file that cannot even be read: no other attempt would make it readable. */
async function judge(context: Context, file: StoredFile): Promise<Report | undefined> {
  try {
    return await validate(file, ownPolicy(context))
  } catch (error) {
    if (error instanceof PdfError) return undefined
    throw error
  }
}

const isPassed = (report: SignatureReport | undefined): boolean =>
  report?.indication === 'TOTAL-PASSED' && report.format === 'PAdES-B-B'
