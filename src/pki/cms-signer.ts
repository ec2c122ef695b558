import { createHash, type KeyObject } from 'node:crypto'
import { type Bytes, concat, equalBytes } from '../std/bytes.ts'
import { type DigestAlgorithm, digestIdentifiers, digestLengths } from './algorithm-identifier.ts'
import { type Certificate, isSelfIssued, readCertificate } from './certificate.ts'
import { readDer } from './der-reader.ts'
import { context, octetString, oid, retag, sequence, setOf, TAG, tlv, unsigned } from './der-writer.ts'
import { OID } from './oids.ts'
import { refuse } from './pki-error.ts'
import { type SignatureAlgorithm, signatureAlgorithms } from './signature-algorithm.ts'
import { writeSignedData } from './signed-data-writer.ts'
import { keyFits, maxSignatureLength, publicKeyOf } from './verify.ts'

/** A signer with everything encoded that does not depend on the document: made once, used for many signatures. */
export type CmsSigner = {
  readonly certificate: Certificate
  /** The certificates between the signer's and the root. */
  readonly chain: readonly Certificate[]
  readonly algorithm: SignatureAlgorithm
  readonly digest: DigestAlgorithm
  readonly publicKey: KeyObject
  /** The signed attributes with a hole of zeros where the message digest goes. */
  readonly attributes: { readonly template: Bytes; readonly digestAt: number }
  /** Encoded parts of SignedData and SignerInfo. */
  readonly parts: {
    readonly digestAlgorithms: Bytes
    readonly certificates: Bytes
    /** What precedes the SignerInfo when the content lies outside. */
    readonly detachedHead: Bytes
    readonly signerHead: Bytes
  }
  /** The most bytes that a container with this signer's signature can have. */
  readonly containerLength: number
}

/** What {@link prepareCmsSigner} takes. */
export type CmsSignerInput = {
  readonly certificate: Bytes
  readonly chain: readonly Bytes[]
  readonly algorithm: SignatureAlgorithm
  /** Dotted identifier of what is signed; id-data when none is given. */
  readonly contentType?: string
}

/**
 * Prepares a signer. `chain` are the certificates between the signer's and the root; a root among them is left
 * out, as whoever validates must have it from elsewhere. Throws `pki.algorithm` when algorithm and key differ.
 */
export function prepareCmsSigner(input: CmsSignerInput): CmsSigner {
  const certificate = readCertificate(input.certificate)
  const publicKey = publicKeyOf(certificate.spki)
  const { digest } = signatureAlgorithms[input.algorithm]
  if (!keyFits(input.algorithm, publicKey)) refuse('pki.algorithm', 'the algorithm does not fit the key')
  const chain = input.chain.map(readCertificate).filter((link) => !isSelfIssued(link))
  const digestAlgorithms = setOf(digestIdentifiers[digest])
  // A SET OF: in DER order (X.690 11.6).
  const certificates = retag(0xa0, setOf(certificate.der, ...chain.map((link) => link.der)))
  const signer = {
    certificate,
    chain,
    algorithm: input.algorithm,
    digest,
    publicKey,
    attributes: attributeTemplate(certificate, input),
    parts: {
      digestAlgorithms,
      certificates,
      detachedHead: concat(unsigned(1), digestAlgorithms, sequence(oid(OID.data)), certificates),
      signerHead: concat(
        unsigned(1),
        sequence(certificate.issuer.raw, tlv(TAG.integer, certificate.serial)),
        digestIdentifiers[digest],
      ),
    },
  }
  return { ...signer, containerLength: lengthWith(signer, []) }
}

function lengthWith(signer: Omit<CmsSigner, 'containerLength'>, unsignedAttributes: readonly Bytes[]): number {
  const longest = Buffer.alloc(maxSignatureLength(signer.publicKey))
  return assembleSignedData(signer, signer.attributes.template, longest, unsignedAttributes).length
}

/** The most bytes that a container of this signer can have, with a time-stamp token of so many bytes if any. */
export function containerLength(signer: CmsSigner, room: { readonly timestamp?: number } = {}): number {
  if (room.timestamp === undefined) return signer.containerLength
  return lengthWith(signer, [timestampAttribute(Buffer.alloc(room.timestamp))])
}

function attribute(type: string, value: Bytes): Bytes {
  return sequence(oid(type), tlv(TAG.set, value))
}

/** The unsigned attribute that carries a time-stamp token over the signature (RFC 3161 appendix A). */
export function timestampAttribute(token: Bytes): Bytes {
  return attribute(OID.signatureTimeStamp, token)
}

/** The attributes of CAdES as PAdES wants them: without signing-time (EN 319 142-1 table 1). */
function attributeTemplate(certificate: Certificate, { algorithm, contentType = OID.data }: CmsSignerInput) {
  const { digest } = signatureAlgorithms[algorithm]
  const digestAttribute = attribute(OID.messageDigest, octetString(Buffer.alloc(digestLengths[digest])))
  const template = setOf(
    attribute(OID.contentType, oid(contentType)),
    digestAttribute,
    attribute(OID.signingCertificateV2, signingCertificateV2(certificate, digest)),
    attribute(OID.cmsAlgorithmProtection, algorithmProtection(algorithm, digest)),
  )
  // The order within the set is settled before the digest is known, because the encodings differ earlier.
  return { template, digestAt: template.indexOf(digestAttribute) + digestAttribute.length - digestLengths[digest] }
}

/** RFC 5035 3: one ESSCertIDv2 with issuer and serial number; SHA-256 is the default and so is not named. */
function signingCertificateV2(certificate: Certificate, digest: DigestAlgorithm): Bytes {
  const hash = createHash(digest).update(certificate.der).digest()
  const issuerSerial = sequence(sequence(context(4, certificate.issuer.raw)), tlv(TAG.integer, certificate.serial))
  const named = digest === 'sha256' ? [] : [digestIdentifiers[digest]]
  return sequence(sequence(sequence(...named, octetString(hash), issuerSerial)))
}

/** RFC 6211 2: the algorithms, under the signature. */
function algorithmProtection(algorithm: SignatureAlgorithm, digest: DigestAlgorithm): Bytes {
  return sequence(digestIdentifiers[digest], context(1, readDer(signatureAlgorithms[algorithm].encoded).content))
}

/** First stage: the bytes to be signed, a DER SET of attributes around the document's digest. */
export function signedAttributes({ attributes, digest }: CmsSigner, documentDigest: Bytes): Bytes {
  if (documentDigest.length !== digestLengths[digest]) refuse('pki.cms', 'the digest has another length')
  const bytes = Buffer.from(attributes.template)
  bytes.set(documentDigest, attributes.digestAt)
  return bytes
}

/**
 * Second stage: the container around the attributes and the signature over them (RFC 5652 5), with attributes that
 * the signature does not cover, each encoded.
 */
export function assembleSignedData(
  { parts, algorithm }: Pick<CmsSigner, 'parts' | 'algorithm'>,
  attributes: Bytes,
  signature: Bytes,
  unsignedAttributes: readonly Bytes[] = [],
): Bytes {
  return writeSignedData({
    head: parts.detachedHead,
    signerHead: parts.signerHead,
    attributes,
    signatureAlgorithm: signatureAlgorithms[algorithm].encoded,
    signature,
    unsignedAttributes,
  })
}

/**
 * Like {@link assembleSignedData}, with the content inside: of the type that the signer was prepared for, which is
 * not id-data and so makes it version 3 (RFC 5652 5.1).
 */
export function assembleEncapsulated(
  { parts, algorithm }: Pick<CmsSigner, 'parts' | 'algorithm'>,
  content: { readonly type: string; readonly bytes: Bytes; readonly withCertificates: boolean },
  attributes: Bytes,
  signature: Bytes,
): Bytes {
  const encapsulated = sequence(oid(content.type), context(0, octetString(content.bytes)))
  const certificates = content.withCertificates ? [parts.certificates] : []
  return writeSignedData({
    head: concat(unsigned(3), parts.digestAlgorithms, encapsulated, ...certificates),
    signerHead: parts.signerHead,
    attributes,
    signatureAlgorithm: signatureAlgorithms[algorithm].encoded,
    signature,
    unsignedAttributes: [],
  })
}

/** True when these attributes are what this signer would sign for this digest. */
export function areAttributesOf(signer: CmsSigner, documentDigest: Bytes, attributes: Bytes): boolean {
  return equalBytes(signedAttributes(signer, documentDigest), attributes)
}
