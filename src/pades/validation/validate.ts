import { openPdf, PdfDocument, type Source } from '../../pdf/index.ts'
import { validateDocument } from './long-term-validation.ts'
import type { Report } from './report.ts'
import { isPrepared, type PreparedPolicy, prepareValidation, type ValidationPolicy } from './validation-policy.ts'

/**
 * Validates every signature and document time-stamp of a document by EN 319 102-1. What is wrong with one of them is
 * a value in the report; thrown are `PdfError` for a document that cannot be read strictly, and `PkiError` for a
 * trust anchor that cannot be read. Whoever validates many documents prepares the policy once.
 */
export async function validate(
  input: Source | PdfDocument,
  policy: ValidationPolicy | PreparedPolicy,
): Promise<Report> {
  const prepared = isPrepared(policy) ? policy : prepareValidation(policy)
  const document = input instanceof PdfDocument ? input : openPdf(input)
  return await validateDocument(document, prepared)
}
