import type { SubIndication } from './problem.ts'

const untouched = 'Do not rely on it. Ask the signer for the file again.'
const outdated = 'Ask for a copy that was time-stamped while the certificate was valid, or have it signed again.'
const authority = 'Ask the signer for a signature with another certificate, or ask the authority.'

/** What somebody can do who received a signature with this verdict. */
export const adviceFor: Readonly<Record<SubIndication, string>> = {
  FORMAT_FAILURE: untouched,
  HASH_FAILURE: untouched,
  SIG_CRYPTO_FAILURE: untouched,
  REVOKED: 'Do not rely on it. Ask the signer what happened to the certificate.',
  EXPIRED: 'Do not rely on it. Have the document signed again.',
  NOT_YET_VALID: 'Do not rely on it. Have the document signed again.',
  SIG_CONSTRAINTS_FAILURE: 'Look at the document as it was signed, or have it signed again.',
  CHAIN_CONSTRAINTS_FAILURE: authority,
  CERTIFICATE_CHAIN_GENERAL_FAILURE: authority,
  CRYPTO_CONSTRAINTS_FAILURE: 'Have the document signed again with stronger algorithms.',
  POLICY_PROCESSING_ERROR: 'Ask whoever wrote the signature policy.',
  SIGNATURE_POLICY_NOT_AVAILABLE: 'Ask the signer for the signature policy.',
  TIMESTAMP_ORDER_FAILURE: 'Ask the time-stamp authorities about their clocks, and check your own.',
  NO_SIGNING_CERTIFICATE_FOUND: untouched,
  NO_CERTIFICATE_CHAIN_FOUND: 'Decide whether to trust the authority, and name its root certificate.',
  NO_CERTIFICATE_CHAIN_FOUND_NO_POE: 'Decide whether to trust the authority, and name its root certificate.',
  REVOKED_NO_POE: 'Ask the signer for a copy that was time-stamped before the revocation, or have it signed again.',
  REVOKED_CA_NO_POE: 'Ask the signer for a copy that was time-stamped before the revocation, or have it signed again.',
  OUT_OF_BOUNDS_NOT_REVOKED: outdated,
  OUT_OF_BOUNDS_NO_POE: outdated,
  REVOCATION_OUT_OF_BOUNDS_NO_POE: 'Validate again where the authority can be asked.',
  CRYPTO_CONSTRAINTS_FAILURE_NO_POE: 'Ask for a copy that was time-stamped while the algorithms were strong enough.',
  NO_POE: outdated,
  TRY_LATER: 'Validate again where the authority can be asked, or later.',
  SIGNED_DATA_NOT_FOUND: untouched,
}
