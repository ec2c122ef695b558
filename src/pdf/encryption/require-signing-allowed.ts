import { PdfError } from '../pdf-error.ts'
import type { Encryption } from './encryption.ts'

/** What a signature does to the form: fills a field that is there, or makes one. */
export type SigningKind = 'existing_field' | 'new_field'

/** Throws `pdf.permission` when the author of an encrypted document does not let users do this. */
export function requireSigningAllowed(
  { encryption }: { readonly encryption?: Encryption | undefined },
  kind: SigningKind,
): void {
  if (!encryption) return
  const isAllowed = kind === 'existing_field' ? encryption.mayFillForms : encryption.mayAddFields
  if (isAllowed) return
  throw new PdfError(
    'pdf.permission',
    kind === 'existing_field'
      ? 'the author of the file does not allow to sign it without the owner password'
      : 'the author of the file does not allow new fields without the owner password',
    { what: kind },
  )
}
