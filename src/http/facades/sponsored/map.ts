import type { z } from 'zod'
import {
  type Certificate,
  type Dossier,
  type FieldWish,
  type FinishedSignature,
  type LoggedIn,
  type Onboarding,
  type Proofing,
  type SignRequest,
  standing,
  type Upload,
} from '../../../core/index.ts'
import type * as wire from './wire.ts'

/* Pure: the core's words in, the sponsored API's out, and back. */

type StepName = 'data_enrichment' | 'phone_verification' | 'kyc'

const stepOf = (onboarding: Onboarding): StepName | null => (onboarding.step === 'done' ? null : onboarding.step)

export function toLoggedIn(result: LoggedIn): z.input<typeof wire.LoggedIn> {
  return {
    access_token: result.accessToken,
    expires_in: result.expiresInS,
    token_type: 'Bearer',
    id_token: result.idToken,
    onboarding_step: result.onboarding && stepOf(result.onboarding),
    onboarding_process_ulid: result.onboarding?.id ?? null,
  }
}

export function toProgress(onboarding: Onboarding): z.input<typeof wire.Progress> {
  return { onboarding_step: stepOf(onboarding), onboarding_process_ulid: onboarding.id }
}

export function toEnrichedData(dossier: Dossier): z.input<typeof wire.EnrichedData> {
  return {
    full_name: `${dossier.givenName} ${dossier.surname}`,
    date_of_birth: dossier.dateOfBirth,
    national_id_number: dossier.nationalId,
    tax_id: dossier.taxId,
    telephone: dossier.telephone,
    address: dossier.address,
  }
}

/** A session that ended without a finding is as if none had been: the person may begin another. */
const KYC_STATUS = {
  pending: 'Processing',
  accepted: 'Approved',
  rejected: 'Rejected',
  inconclusive: 'RequiresReview',
  failed: 'Error',
  expired: 'NotPerformed',
  cancelled: 'NotPerformed',
} as const satisfies Record<Proofing['status'], z.input<typeof wire.KycStatus>['status']>

export function toKycStatus(personId: string, proofing: Proofing | null): z.input<typeof wire.KycStatus> {
  const status = proofing ? KYC_STATUS[proofing.status] : 'NotPerformed'
  if (status !== 'Rejected') return { user_id: personId, status }
  return { user_id: personId, status, message: proofing?.mayRetry ? 'Retry available' : 'Do not retry' }
}

export function toUploadForm(upload: Upload): z.input<typeof wire.UploadForm> {
  return { url: upload.url, fields: upload.fields, doc_ulid: upload.documentId }
}

/** Our own authority's certificates are advanced; the other two types are for certificates of others. */
export function toCertificate(certificate: Certificate, at: Date): z.input<typeof wire.CertificateReply> {
  const now = standing(certificate, at)
  return {
    certificate_id: certificate.id,
    name: certificate.name,
    type: 'AdvancedESignature',
    status: now === 'Pending' ? 'Active' : now,
    expiry_date: rfc3339(certificate.notAfter),
  }
}

export function fromDocument(body: z.output<typeof wire.SignChallenge>): SignRequest['document'] {
  if (body.doc_ulid !== undefined) return { id: body.doc_ulid }
  return { path: body.document_path ?? '' }
}

export function fromSign(body: z.output<typeof wire.Sign>): SignRequest {
  return {
    document: fromDocument(body),
    certificateId: body.certificate_id,
    challengeId: body.challenge_id,
    code: body.otp,
    ...(body.level === undefined ? {} : { level: body.level }),
    ...(body.field === undefined ? {} : { field: fromField(body.field) }),
    ...(body.reason === undefined ? {} : { reason: body.reason }),
    ...(body.location === undefined ? {} : { location: body.location }),
  }
}

function fromField(field: NonNullable<z.output<typeof wire.Sign>['field']>): FieldWish {
  if (typeof field === 'string') return { existing: field }
  const { name, page, rect } = field
  return { page, rectangle: rect, ...(name === undefined ? {} : { name }) }
}

export function toSigned(result: FinishedSignature): z.input<typeof wire.Signed> {
  return {
    document_path: result.documentPath,
    signed_at: rfc3339(result.signedAt),
    level: result.level,
    sha256: result.sha256,
  }
}

/** The API's own examples have whole seconds. */
export function rfc3339(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}
