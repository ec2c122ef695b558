import { z } from 'zod'

/*
 * The shapes of the sponsored API in its own names. What a schema does not name is refused on the way in and
 * not sent on the way out.
 */

/** Text that a file or a message shows: no control characters. */
const shown = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^\P{Cc}*$/u, 'must not have control characters')

const email = z.string().min(3).max(320).describe('The e-mail address of the person.')
const clientId = z.string().min(1).max(64).describe('The OAuth client_id of the company initiating the request.')
/** A code of another form is refused apart from a wrong one; see the table of errors. */
const otp = z.string().min(1).max(16).describe('The one-time code as the person received it: six digits.')

export const Identity = z.strictObject({ email, client_id: clientId })
export const Email = z.object({ email: z.string().describe('The e-mail address in the form the platform keeps.') })

export const LoginStarted = z.object({
  email: z.string().describe('The e-mail address for which the login was initiated.'),
  session: z
    .string()
    .describe('A unique session identifier for this login attempt. Required for the /auth/login-confirmation step.'),
  method: z.literal('email').describe('How the code was sent.'),
  user_id: z.string().describe('The id of the person, whether or not the address is registered.'),
})

export const LoginConfirmation = z.strictObject({
  email,
  session: z.string().min(1).max(128).describe('The session identifier returned by /auth/login.'),
  method: z.literal('email').describe('The method returned by /auth/login.'),
  client_id: clientId,
  otp,
  user_id: z.string().min(1).max(128).describe('The user_id returned by /auth/login.'),
})

export const LoggedIn = z.object({
  access_token: z.string().describe('A JWT (at+jwt, ES256) for the calls that take a person.'),
  expires_in: z.int().describe('Seconds.'),
  token_type: z.literal('Bearer').describe('How to send the access token.'),
  id_token: z.string().describe('A JWT containing identity information about the person.'),
  onboarding_step: z
    .enum(['data_enrichment', 'phone_verification', 'kyc'])
    .nullable()
    .describe('The next onboarding step. Null once the identity is proven.'),
  onboarding_process_ulid: z.string().nullable().describe('The onboarding process. Null once the identity is proven.'),
})

export const Process = z.object({
  onboarding_process_ulid: z.string().min(1).max(64).describe('The ULID of the onboarding process.'),
})

export const PersonalData = z.strictObject({
  dpi: z
    .string()
    .min(1)
    .max(32)
    .describe('Documento Personal de Identificación: 13 digits, spaces and hyphens allowed.'),
  telephone: z.string().min(1).max(32).describe('With country code, E.164.'),
  address: shown(300).describe('Where the person lives, as they write it.'),
})

export const EnrichedData = z.object({
  full_name: z.string().describe('As the registry spells it.'),
  date_of_birth: z.string().describe('ISO 8601 date.'),
  national_id_number: z.string().describe('The DPI, 13 digits.'),
  tax_id: z.string().nullable().describe('The NIT, or null when the registry has none.'),
  telephone: z.string().describe('E.164.'),
  address: z.string().describe('As it was submitted.'),
})

export const PhoneCode = z.strictObject({ otp })

export const Progress = z.object({
  onboarding_step: z
    .enum(['data_enrichment', 'phone_verification', 'kyc'])
    .nullable()
    .describe('The next step. Null once the identity is proven.'),
  onboarding_process_ulid: z.string().describe('The onboarding process.'),
})

export const KycSession = z.object({
  url: z.string().describe('Where the person proves their identity.'),
  expires_at: z.string().describe('RFC 3339.'),
})

export const KycStatus = z.object({
  user_id: z.string().describe('The id of the person.'),
  status: z
    .enum(['Approved', 'Rejected', 'Processing', 'RequiresReview', 'NotPerformed', 'Error'])
    .describe('How the newest session stands.'),
  message: z.enum(['Retry available', 'Do not retry']).optional().describe('With Rejected only.'),
})

export const UploadRequest = z.strictObject({
  file_tier: z
    .enum(['tier-1', 'tier-2', 'tier-3', 'tier-4', 'tier-5'])
    .describe('20 MB and 7 minutes, 40 and 14, 80 and 28, 100 and 35, 120 and 42.'),
  file_name: z.string().min(1).max(300).describe('Used to construct the storage path.'),
})

export const UploadForm = z.object({
  url: z.string().describe('Where to send the form: multipart/form-data, all fields, then the file.'),
  fields: z
    .object({
      key: z.string().describe('The path of the document.'),
      'x-amz-algorithm': z.literal('AWS4-HMAC-SHA256').describe('Signature version 4.'),
      'x-amz-credential': z.string().describe('Whose form this is.'),
      'x-amz-date': z.string().describe('When it was made.'),
      policy: z.string().describe('What may be uploaded until when, base64.'),
      'x-amz-signature': z.string().describe('Over the policy.'),
    })
    .describe('Send each as a form field, unchanged.'),
  doc_ulid: z.string().describe('The ULID of this document.'),
})

export const DownloadQuery = z.strictObject({
  'document-path': z.string().min(1).max(600).describe('The path of a document, from the upload or from the signing.'),
})

export const DownloadLink = z.object({ download_url: z.string().describe('Good once, for five minutes.') })

export const CertificateReply = z.object({
  certificate_id: z.string().describe('The id of the certificate.'),
  name: z.string().describe('To tell it from others of the person.'),
  type: z
    .enum(['QualifiedESignature', 'AdvancedESignature', 'Seal'])
    .describe("Certificates of the platform's own authority are AdvancedESignature."),
  status: z.enum(['Active', 'Expired', 'Revoked']).describe('At the moment of the answer.'),
  expiry_date: z.string().describe('RFC 3339.'),
})

export const CertificateList = z.array(CertificateReply)
export const CertificateParams = z.object({
  certificate_id: z.string().min(1).max(64).describe('The id of the certificate.'),
})
export const Revocation = z.strictObject({
  reason: z
    .string()
    .max(64)
    .optional()
    .describe('unspecified, keyCompromise, affiliationChanged, superseded or cessationOfOperation.'),
})

const document = {
  doc_ulid: z.string().min(1).max(64).optional().describe('The document by its id; or give document_path.'),
  document_path: z.string().min(1).max(600).optional().describe('The document by its path.'),
  certificate_id: z.string().min(1).max(64).describe('The certificate to sign with.'),
}
const oneDocument = (body: { doc_ulid?: string | undefined; document_path?: string | undefined }): boolean =>
  (body.doc_ulid === undefined) !== (body.document_path === undefined)
const ONE_DOCUMENT = { error: 'give either doc_ulid or document_path', path: ['doc_ulid'] }

export const SignChallenge = z.strictObject(document).refine(oneDocument, ONE_DOCUMENT)

export const SignChallenged = z.object({
  challenge_id: z.string().describe('Send it back with the code.'),
  method: z.literal('sms').describe('How the code was sent.'),
  expires_in: z.int().describe('Seconds.'),
})

const coordinate = z.number().min(-14400).max(14400)

export const Sign = z
  .strictObject({
    ...document,
    challenge_id: z.string().min(1).max(64).describe('From /documents/sign-challenge.'),
    otp,
    level: z.string().max(16).optional().describe('PAdES baseline level. B-B, which is the default.'),
    field: z
      .union([
        shown(200).describe('The name of an empty signature field of the document.'),
        z.strictObject({
          name: shown(200).optional(),
          page: z.int().min(1).max(10000).describe('Counted from 1.'),
          rect: z
            .tuple([coordinate, coordinate, coordinate, coordinate])
            .describe('Left, bottom, right, top in points.'),
        }),
      ])
      .optional()
      .describe('Where the signature shows. Without it the signature is invisible.'),
    reason: shown(200).optional().describe('Why the person signs, as the file shows it.'),
    location: shown(200).optional().describe('Where the person signs.'),
  })
  .refine(oneDocument, ONE_DOCUMENT)

export const Signed = z.object({
  document_path: z.string().describe('The path of the signed document.'),
  signed_at: z.string().describe('RFC 3339.'),
  level: z.literal('B-B').describe('The level that was reached.'),
  sha256: z.string().describe('Of the signed file, hexadecimal.'),
})

export const ErrorBody = z.object({
  code: z.string().describe('An application-specific error code string.'),
  message: z.string().describe('A human-readable explanation specific to this occurrence of the problem.'),
})
