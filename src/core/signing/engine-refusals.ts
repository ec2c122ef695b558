import { PadesError, type PadesErrorCode } from '../../pades/index.ts'
import { PdfError, type PdfErrorCode } from '../../pdf/index.ts'
import type { ErrorDetails } from '../../std/error.ts'
import { type ErrorCode, fail } from '../errors.ts'

/** What the platform says of a document or of a wish that the engine refuses. */
type Answer = Extract<ErrorCode, `document.${string}` | 'signing.field_unusable'>

/**
 * The answer to each refusal of the engine; a new one does not compile until somebody decided. Null where neither the
 * document nor the wish is to blame: a fault of ours, of which the caller learns nothing.
 */
export const answers = {
  'pdf.not_a_pdf': 'document.unreadable',
  'pdf.password_needed': 'document.password_needed',
  'pdf.unsupported_encryption': 'document.unreadable',
  'pdf.permission': 'document.signing_forbidden',
  'pdf.damaged': 'document.unreadable',
  'pdf.limit': 'document.unreadable',
  'pdf.unsupported_filter': 'document.unreadable',
  'pdf.not_found': 'signing.field_unusable',
  'pdf.source_changed': null,
  'pdf.text': 'signing.field_unusable',
  'pdf.image': 'signing.field_unusable',
  'pdf.strokes': 'signing.field_unusable',
  'pdf.form': 'signing.field_unusable',
  'pades.xfa': 'document.unreadable',
  'pades.certified_no_changes': 'document.signing_forbidden',
  'pades.certified': 'document.signing_forbidden',
  'pades.signed': 'document.signing_forbidden',
  'pades.field_locked': 'signing.field_unusable',
  'pades.field_lock': 'signing.field_unusable',
  'pades.seed_value': 'signing.field_unusable',
  'pades.certification': 'signing.field_unusable',
  'pades.field_unknown': 'signing.field_unusable',
  'pades.field_taken': 'signing.field_unusable',
  'pades.field_type': 'signing.field_unusable',
  'pades.already_signed': 'signing.field_unusable',
  'pades.request': 'signing.field_unusable',
  'pades.signer_changed': null,
  'pades.wrong_signature': null,
  'pades.container_too_large': null,
  'pades.unsigned': null,
  'pades.broken_signature': null,
  'pades.no_chain': null,
  'pades.revoked': null,
  'pades.stored_state': null,
} as const satisfies Record<PdfErrorCode | PadesErrorCode, Answer | null>

const byCode = new Map<string, Answer | null>(Object.entries(answers))

/**
 * Refuses with the platform's word for a refusal of the engine, whose own code becomes the reason. Returns when it is
 * none that a caller can do something about.
 *
 * @throws DomainError document.unreadable, document.password_needed, document.signing_forbidden, signing.field_unusable
 */
export function refuseFor(code: string, details: ErrorDetails, cause?: unknown): void {
  const answer = byCode.get(code)
  if (answer) fail(answer, { ...details, reason: code.slice(code.indexOf('.') + 1) }, cause)
}

/** Does something with the engine, and puts its refusals into the platform's words. */
export async function translating<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PdfError || error instanceof PadesError) refuseFor(error.code, error.details, error)
    throw error
  }
}
