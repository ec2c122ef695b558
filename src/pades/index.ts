// Signing, stage by stage.

export { type ExtendRequest, extend } from './extend.ts'
export { type PrepareRequest, prepare } from './prepare.ts'
export type { ByteRange, Prepared, Signed } from './prepared.ts'
export { finish, type Signer, sign, stamp } from './sign.ts'
export { type SignDocumentRequest, signDocument } from './sign-document.ts'
export { decodePrepared, decodeSigned, encodePrepared, encodeSigned } from './stage-encoding.ts'
export { withTail } from './with-tail.ts'

// What signing takes.

export { hashPrefix, type PrefixDigest, type RunningDigest } from './document-digest.ts'
export type { EvidencePlan, EvidenceSource } from './evidence/evidence-source.ts'
export { type OnlineEvidenceOptions, onlineEvidence } from './evidence/online-evidence.ts'
export { createTimestamper, type Timestamper, type TimestamperOptions } from './evidence/timestamper.ts'
export type { FieldLock } from './field-lock.ts'
export { keySigner } from './key-signer.ts'
export { type Level, levels } from './level.ts'
export { PadesError, type PadesErrorCode } from './pades-error.ts'
export type { CertificationLevel } from './permissions.ts'
export type { AppearanceRequest } from './signature-appearance.ts'
export type { FieldRequest, Rectangle } from './signature-field.ts'

// Filling in forms.

export { type FillRequest, prepareFill } from './fill/prepare-fill.ts'

// Validation, and what became of a document after a signature.

export type { Change } from './difference/change.ts'
export { changesBetween } from './difference/difference.ts'
export type { Finding, Indication, Problem, SubIndication } from './validation/problem.ts'
export type {
  CertificateReport,
  ChainLink,
  DocumentTimestampReport,
  Report,
  RevocationReport,
  SignatureReport,
  TimestampReport,
} from './validation/report.ts'
export { changeText, reportText } from './validation/report-text.ts'
export { reportXml } from './validation/report-xml.ts'
export { validate } from './validation/validate.ts'
export type { NamedDocument } from './validation/validation-objects.ts'
export {
  type PreparedPolicy,
  prepareValidation,
  type StatusSource,
  type ValidationPolicy,
} from './validation/validation-policy.ts'

// Files that nobody trusts, in processes that can be ended.

export { confineFiles, type FileConfinement } from './confined/confine-files.ts'
export { Confinement, type ConfinementOptions, type RunOptions } from './confined/confinement.ts'
export type { Confined, JobTable } from './confined/job-table.ts'
export type { FileInput, Inspection, PlainPolicy } from './confined/jobs.ts'
export { serveJobs } from './confined/serve-jobs.ts'
