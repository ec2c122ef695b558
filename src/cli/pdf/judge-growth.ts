import { type Level, levels, type Report, type SignatureReport, validate, withTail } from '../../pades/index.ts'
import type { PdfDocument } from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { Refused } from '../errors.ts'

export type Judging = { readonly anchors: readonly Bytes[]; readonly time: Date }

/** The report on a document with a revision that is not written yet: what is wrong with it never reaches the disk. */
export async function judgeGrown(document: PdfDocument, tail: Bytes, { anchors, time }: Judging): Promise<Report> {
  return await validate(withTail(document, tail), { trustAnchors: anchors, time })
}

/** Refuses a signature that broke, or that has not what its level demands. @throws Refused */
export function requireLevel(signature: SignatureReport, wanted: Level): void {
  const { indication, reason, format, field } = signature
  if (indication === 'TOTAL-FAILED')
    throw new Refused('signature.not_valid', `The signature ${field} would not be valid: ${reason?.message}`)
  if (format === 'other' || levels.indexOf(levelOf(format)) < levels.indexOf(wanted))
    throw new Refused('signature.level_not_reached', `The signature ${field} would not reach ${wanted}.`, { format })
}

function levelOf(format: Exclude<SignatureReport['format'], 'other'>): Level {
  return levels.find((one) => format === `PAdES-${one}`) ?? 'B-B'
}
