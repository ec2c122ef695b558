/* The only door of the core. What is not here is nobody's business but the core's. */
export { openAuthority } from './certificates/authority.ts'
export { type Certificate, standing } from './certificates/certificate.ts'
export { issueCertificateJob } from './certificates/certificate-jobs.ts'
export { issueCertificate } from './certificates/issue-certificate.ts'
export {
  listOwnCertificates,
  readOwnCertificate,
  requestOwnCertificate,
  revokeOwnCertificate,
} from './certificates/own-certificates.ts'
export { currentRevocationList } from './certificates/revocation-list.ts'
export {
  type Context,
  contextFor,
  type Log,
  type Outside,
  type Platform,
  type Random,
} from './context.ts'
export { createUpload, type Upload } from './documents/create-upload.ts'
export { createDownload, redeemDownload } from './documents/download.ts'
export { FileError, type FileStore, type StoredAs, type StoredFile } from './documents/file-store.ts'
export { newRequestId, openUpload, receiveUpload } from './documents/receive-upload.ts'
export { TIERS } from './documents/tier.ts'
export { catalog, DomainError, type ErrorCode, type ErrorKind, fail } from './errors.ts'
export type { TokenPurpose } from './keys/key.ts'
export { ensureTokenKeys, rotateTokenKeys, type TokenKey, tokenKeys } from './keys/token-keys.ts'
export { sweepJob } from './maintenance/maintenance-jobs.ts'
export { ensureSweeping, sweep } from './maintenance/sweep.ts'
export { deliverMessage } from './messages/deliver-message.ts'
export type { Mailer, Texter } from './messages/gateways.ts'
export { deliverMessageJob } from './messages/message-jobs.ts'
export { type OutboxMessage, readOutbox } from './messages/read-outbox.ts'
export { confirmPhone, resendPhoneCode } from './onboarding/confirm-phone.ts'
export { enrichData, type PersonalData } from './onboarding/enrich-data.ts'
export type { Dossier, Onboarding } from './onboarding/onboarding.ts'
export type { Registry, RegistryEntry } from './onboarding/registry.ts'
export type { PersonId } from './people/person.ts'
export { signUp } from './people/sign-up.ts'
export { concludeProofing } from './proofing/conclude-proofing.ts'
export { getProofingStatus } from './proofing/get-proofing-status.ts'
export type { Proofing, ProofingId } from './proofing/proofing.ts'
export { concludeProofingJob } from './proofing/proofing-jobs.ts'
export type {
  Check,
  Claim,
  ClaimField,
  ProofingProvider,
  ProofingReport,
  ProofingRequest,
} from './proofing/provider.ts'
export { readProofingLink } from './proofing/read-proofing-link.ts'
export { startProofing } from './proofing/start-proofing.ts'
export type { Schema } from './schema.ts'
export { authenticatePerson } from './sessions/authenticate-person.ts'
export { confirmLogIn, type LoggedIn } from './sessions/confirm-log-in.ts'
export { startLogIn } from './sessions/start-log-in.ts'
export { challengeSignature, type SignatureChallenge } from './signing/challenge-signature.ts'
export { type FinishedSignature, finishSignature } from './signing/finish-signature.ts'
export type { IntentId } from './signing/intent.ts'
export type { FieldWish } from './signing/prepare-signature.ts'
export { type SignRequest, signDocument } from './signing/sign-document.ts'
export { finishSignatureJob } from './signing/signing-jobs.ts'
export { findClient, rotateClientSecret, secretMatches } from './tenants/clients.ts'
export { createTenant, type NewTenant, SCOPES } from './tenants/create-tenant.ts'
export type { Tenant, TenantMode } from './tenants/tenant.ts'
export { openTenant, readTenants } from './tenants/tenant-context.ts'
export { type VerifiedToken, verifyToken } from './tokens/verify-token.ts'
export { KEY_BYTES, openVault, SealBroken } from './vault.ts'
