import {
  formFields,
  openPdf,
  type PdfDocument,
  PdfError,
  pages,
  requireSigningAllowed,
  type Source,
} from '../pdf/index.ts'
import { refuse } from './pades-error.ts'
import { permissionsInForce } from './permissions.ts'
import type { Report } from './validation/report.ts'
import { validate } from './validation/validate.ts'
import type { ValidationPolicy } from './validation/validation-policy.ts'

/**
 * Looks at a document before anybody is asked to sign it, whatever the signature will be like: it must be readable
 * without a guess and without a password, and must not forbid every further signature. Gives what is to be said of
 * the signatures that are there.
 *
 * Throws `PdfError`, for a damaged document with the first repair that viewers would make as `details.finding`, and
 * `pades.certified_no_changes`.
 */
export async function admitForSigning(source: Source, policy: ValidationPolicy): Promise<Report['indication']> {
  try {
    const document = openPdf(source)
    requireOpen(document)
    requireNoRepair(source)
    return (await validate(document, policy)).indication
  } catch (error) {
    if (error instanceof PdfError && error.code === 'pdf.damaged') throw withFinding(source, error)
    throw error
  }
}

function requireOpen(document: PdfDocument): void {
  // The whole tree: nobody knows yet on which page the signature will be.
  for (const { dict } of pages(document)) document.arrayOrNull(dict.get('Annots'), 'annotations')
  const fields = formFields(document)
  if (permissionsInForce(document, fields).level === 1)
    refuse('pades.certified_no_changes', 'the document is certified and allows no further change')
  // Who may make a field may fill one, so the second is asked where it would do.
  const isFieldThere = fields.some(({ type, value }) => type === 'Sig' && value === undefined)
  requireSigningAllowed(document, isFieldThere ? 'existing_field' : 'new_field')
}

/**
 * What was read so far is a small part. All objects are looked at as a lenient reader would: what that one has to
 * guess, another one guesses otherwise, and shows another document to who signs it.
 */
function requireNoRepair(source: Source): void {
  const [finding] = openPdf(source, { damaged: 'repair' }).findings
  if (finding) throw new PdfError('pdf.damaged', finding.message, { finding: finding.code })
}

/** Viewers show such a file all the same, by guessing: by which guess is what its author needs to know. */
function withFinding(source: Source, error: PdfError): PdfError {
  if ('finding' in error.details) return error
  try {
    const [first] = openPdf(source, { damaged: 'repair' }).findings
    const details = first ? { ...error.details, finding: first.code } : error.details
    return new PdfError('pdf.damaged', error.message, details, { cause: error })
  } catch (another) {
    if (another instanceof PdfError) return error
    throw another
  }
}
