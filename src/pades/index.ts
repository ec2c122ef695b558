export type { TrustPolicy } from './chain-check.ts'
export { hashPrefix } from './document-digest.ts'
export { PadesError, type PadesErrorCode } from './pades-error.ts'
export { type PrepareRequest, prepare } from './prepare.ts'
export type { ByteRange, Prepared, Signed } from './prepared.ts'
export { decodePrepared, encodePrepared } from './prepared-encoding.ts'
export type {
  Change,
  Finding,
  Indication,
  Problem,
  Report,
  SignatureReport,
  SignerReport,
  SubIndication,
} from './report.ts'
export { finish, type Signer, sign } from './sign.ts'
export type { AppearanceRequest, FieldRequest, Rectangle } from './signature-field.ts'
export { validate } from './validate.ts'
