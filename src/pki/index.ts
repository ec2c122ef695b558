export {
  type AlgorithmIdentifier,
  type DigestAlgorithm,
  digestLengths,
  knownDigest,
  knownSignature,
  readAlgorithmIdentifier,
  type SignatureAlgorithm,
  signatureAlgorithmNamed,
  signatureAlgorithms,
} from './algorithm-identifier.ts'
export { assembleCertificate } from './assemble-certificate.ts'
export {
  type Certificate,
  isSelfIssued,
  readCertificate,
  readTbsCertificate,
  serialText,
  type TbsCertificate,
} from './certificate.ts'
export {
  assembleCertificateList,
  buildTbsCertificateList,
  type CertificateListTemplate,
  type RevocationReason,
  type RevokedCertificate,
} from './certificate-list.ts'
export {
  areAttributesOf,
  assembleSignedData,
  type CmsSigner,
  prepareCmsSigner,
  signedAttributes,
} from './cms-signer.ts'
export { children, type Der, Fields, fieldsOf, oidText, readDer, smallInteger } from './der-reader.ts'
export { context, NULL, octetString, oid, sequence, setOf, TAG, tlv, unsigned, utf8String } from './der-writer.ts'
export { type EssCertIdV2, readSigningCertificateV2 } from './ess-cert-id-v2.ts'
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
export {
  authorityKeyIdentifier,
  keyIdentifier,
  readAuthorityKeyIdentifier,
  readSubjectKeyIdentifier,
  subjectKeyIdentifier,
} from './extensions/key-identifiers.ts'
export { type KeyUsage, keyUsage, readKeyUsage } from './extensions/key-usage.ts'
export { type LintedTbs, type LintProfile, lint, lintCertificate } from './lint-certificate.ts'
export type { LintFinding } from './lint-rules.ts'
export { buildName, type Name, type NameAttribute, nameText, readName, valuesOf } from './name.ts'
export { OID } from './oids.ts'
export { findPath, type PathFailure, type PathInput, type PathResult } from './path.ts'
export { PkiError, type PkiErrorCode } from './pki-error.ts'
export { readSignedData, type SignedData } from './signed-data.ts'
export type { Attribute, SignerInfo } from './signer-info.ts'
export { buildTbsCertificate, type CertificateTemplate } from './tbs-certificate.ts'
export { NO_EXPIRY } from './time.ts'
export { maxSignatureLength, publicKeyOf, verifySignature } from './verify.ts'
