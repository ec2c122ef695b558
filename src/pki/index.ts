// Certificates: reading them, what they say, and issuing them.

export { assembleCertificate } from './assemble-certificate.ts'
export {
  type Certificate,
  isSelfIssued,
  readCertificate,
  readTbsCertificate,
  readTrustAnchor,
  serialText,
  type TbsCertificate,
} from './certificate.ts'
export { certificateKey } from './certificate-key.ts'
export { rememberedCertificate } from './certificate-memory.ts'
export type { Extension } from './extension.ts'
export {
  type AuthorityInfoAccess,
  authorityInfoAccess,
  readAuthorityInfoAccess,
} from './extensions/authority-info-access.ts'
export { type BasicConstraints, basicConstraints, readBasicConstraints } from './extensions/basic-constraints.ts'
export {
  certificatePolicies,
  type PolicyInformation,
  readCertificatePolicies,
} from './extensions/certificate-policies.ts'
export { crlDistributionPoints, readCrlDistributionPoints } from './extensions/crl-distribution-points.ts'
export { extendedKeyUsage, readExtendedKeyUsage } from './extensions/extended-key-usage.ts'
export { inhibitAnyPolicy, readInhibitAnyPolicy } from './extensions/inhibit-any-policy.ts'
export { archiveCutoff, expiredCertsOnCrl } from './extensions/kept-since.ts'
export {
  authorityKeyIdentifier,
  keyIdentifier,
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
  subjectKeyIdentifier,
} from './extensions/key-identifiers.ts'
export { type KeyUsage, keyUsage, keyUsages, readKeyUsage } from './extensions/key-usage.ts'
export { type NameConstraints, nameConstraints, readNameConstraints } from './extensions/name-constraints.ts'
export { type PolicyConstraints, policyConstraints, readPolicyConstraints } from './extensions/policy-constraints.ts'
export { type PolicyMapping, policyMappings, readPolicyMappings } from './extensions/policy-mappings.ts'
export { readSubjectAlternativeName, subjectAlternativeName } from './extensions/subject-alternative-name.ts'
export { isValidityAssured, validityAssuredShortTerm } from './extensions/validity-assured.ts'
export { encodeGeneralName, type GeneralName, readGeneralName } from './general-name.ts'
export { type LintedTbs, type LintProfile, lint, lintCertificate } from './lint-certificate.ts'
export type { LintFinding } from './lint-rules.ts'
export { buildName, type Name, type NameAttribute, nameText, readName, valuesOf } from './name.ts'
export { sameName } from './name-match.ts'
export { buildTbsCertificate, type CertificateTemplate } from './tbs-certificate.ts'
export { NO_EXPIRY } from './time.ts'

// Whom to trust: paths to an anchor (RFC 5280 6).

export { findPath } from './path/find-path.ts'
export { type LinkCache, newLinkCache } from './path/link-cache.ts'
export type { PathInput, PolicyInput, TrustAnchor } from './path/path-input.ts'
export type { InvalidPath, PathFailure, PathResult, ValidPath } from './path/path-result.ts'
export type { Purpose } from './path/purpose.ts'
export { validatePath } from './path/validate-path.ts'

// Algorithms, keys and signatures.

export {
  type AlgorithmIdentifier,
  type DigestAlgorithm,
  digestLengths,
  knownDigest,
  readAlgorithmIdentifier,
} from './algorithm-identifier.ts'
export {
  type AlgorithmPolicy,
  type AlgorithmUse,
  acceptableAt,
  standardAlgorithms,
  type WeakAlgorithm,
} from './algorithm-policy.ts'
export { ecdsaSignatureFromRaw } from './ecdsa-signature.ts'
export { signBytes, signBytesOffThread } from './sign-bytes.ts'
export {
  knownSignature,
  type SignatureAlgorithm,
  signatureAlgorithmNamed,
  signatureAlgorithmOf,
  signatureAlgorithms,
} from './signature-algorithm.ts'
export { keyFits, publicKeyOf, verifySignature } from './verify.ts'

// Signed containers (CMS, CAdES).

export {
  areAttributesOf,
  assembleSignedData,
  type CmsSigner,
  containerLength,
  prepareCmsSigner,
  signedAttributes,
  timestampAttribute,
} from './cms-signer.ts'
export { type EssCertIdV2, readSigningCertificateV2 } from './ess-cert-id-v2.ts'
export { type RevocationValues, readRevocationInfoArchival } from './revocation-values.ts'
export {
  contentTypeOf,
  isSignerCertificate,
  keepsAlgorithms,
  messageDigestOf,
  signingCertificateNames,
} from './signed-attributes.ts'
export { readSignedData, type SignedData } from './signed-data.ts'
export { signerCertificate } from './signer-certificate.ts'
export type { Attribute, SignerInfo } from './signer-info.ts'

// Revocation: OCSP and lists.

export {
  assembleOcspResponse,
  buildOcspResponseData,
  type OcspAnswer,
  type OcspResponseTemplate,
  ocspResponderByKey,
  ocspResponderByName,
} from './status/build-ocsp-response.ts'
export {
  assembleCertificateList,
  buildTbsCertificateList,
  type CertificateListTemplate,
  type RevokedCertificate,
} from './status/certificate-list.ts'
export { crlStatus } from './status/crl-status.ts'
export { type FetchedIssuers, fetchIssuers, type IssuerSources } from './status/fetch-issuers.ts'
export { gatherStatus, type StatusSources } from './status/gather-status.ts'
export { needsNoStatus } from './status/needs-no-status.ts'
export { namesCertificate, type OcspCertificateId, type OcspDigest } from './status/ocsp-certificate-id.ts'
export { ocspGetUrl, ocspRequestOfPath } from './status/ocsp-get.ts'
export { buildOcspRequest, type OcspQuestion, type OcspRequest, readOcspRequest } from './status/ocsp-request.ts'
export { type BasicOcspResponse, type OcspResponse, readOcspResponse } from './status/ocsp-response.ts'
export { type OcspResponseStatus, refusingOcspResponse } from './status/ocsp-response-status.ts'
export { ocspStatus } from './status/ocsp-status.ts'
export { type CertificateList, readCertificateList } from './status/read-certificate-list.ts'
export type { RevocationReason } from './status/revocation-reason.ts'
export { memoryStatusCache, type StatusCache } from './status/status-cache.ts'
export type { StatusFault } from './status/status-fault.ts'
export {
  isFresh,
  type KnownStatus,
  type StatusEvidence,
  type StatusFinding,
  type StatusSubject,
  type UnusableStatus,
} from './status/status-finding.ts'
export { statusFrom } from './status/status-from.ts'

// Time-stamps (RFC 3161).

export { checkTimestampResponse, type TimestampResponseCheck } from './timestamp/check-timestamp-response.ts'
export { checkTimestampToken, type TimestampCheck } from './timestamp/check-timestamp-token.ts'
export type { MessageImprint } from './timestamp/message-imprint.ts'
export { requestTimestamp, type TimestampAuthority, type TimestampOptions } from './timestamp/request-timestamp.ts'
export { failureOf, type TimestampFailure, type TimestampFault } from './timestamp/timestamp-fault.ts'
export {
  buildTimestampRequest,
  readTimestampRequest,
  type TimestampQuestion,
  type TimestampRequest,
} from './timestamp/timestamp-request.ts'
export {
  buildTimestampGrant,
  buildTimestampRefusal,
  type FailureInfo,
  readTimestampResponse,
  type TimestampResponse,
} from './timestamp/timestamp-response.ts'
export { readTimestampToken, type TimestampToken } from './timestamp/timestamp-token.ts'
export { answerTimestampRequest, prepareTimestampUnit, type TimestampUnit } from './timestamp/timestamp-unit.ts'
export type { TstInfo } from './timestamp/tst-info.ts'

// Asking servers.

export type { Exchange, ExchangeRequest } from './net/exchange.ts'
export type { ExchangeFault } from './net/exchange-fault.ts'
export { type ExchangeOptions, httpExchange } from './net/http-exchange.ts'
export { isPublicAddress } from './net/public-address.ts'

// The encoding below all of it, and its refusals.

export { children, type Der, Fields, fieldsOf, readDer } from './der-reader.ts'
export { smallInteger } from './der-values.ts'
export { context, NULL, octetString, oid, sequence, setOf, TAG, tlv, unsigned, utf8String } from './der-writer.ts'
export { oidText } from './object-identifier.ts'
export { OID } from './oids.ts'
export { PkiError, type PkiErrorCode } from './pki-error.ts'
