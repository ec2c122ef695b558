import { createHash, type KeyObject } from 'node:crypto'
import { type Bytes, equalBytes } from '../std/bytes.ts'
import {
  type DigestAlgorithm,
  digestIdentifiers,
  digestLengths,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from './algorithm-identifier.ts'
import { type Certificate, isSelfIssued, readCertificate } from './certificate.ts'
import { readDer } from './der-reader.ts'
import { context, octetString, oid, retag, sequence, setOf, TAG, tlv, unsigned } from './der-writer.ts'
import { OID } from './oids.ts'
import { refuse } from './pki-error.ts'
import { maxSignatureLength, publicKeyOf } from './verify.ts'

/** A signer with everything encoded that does not depend on the document: made once, used for many signatures. */
export type CmsSigner = {
  readonly certificate: Certificate
  readonly algorithm: SignatureAlgorithm
  readonly digest: DigestAlgorithm
  readonly publicKey: KeyObject
  /** The signed attributes with a hole of zeros where the message digest goes. */
  readonly attributes: { readonly template: Bytes; readonly digestAt: number }
  /** The encoded parts of SignedData before and after the signed attributes. */
  readonly parts: {
    readonly version: Bytes
    readonly digestAlgorithms: Bytes
    readonly content: Bytes
    readonly certificates: Bytes
    readonly signerHead: Bytes
  }
  /** The most bytes that a container with this signer's signature can have. */
  readonly containerLength: number
}

const [idSignedData, idData] = [oid(OID.signedData), oid(OID.data)]

/**
 * Prepares a signer. `chain` are the certificates between the signer's and the root; a root among them is left
 * out, as whoever validates must have it from elsewhere. Throws `pki.algorithm` when algorithm and key differ.
 */
export function prepareCmsSigner(input: {
  readonly certificate: Bytes
  readonly chain: readonly Bytes[]
  readonly algorithm: SignatureAlgorithm
}): CmsSigner {
  const certificate = readCertificate(input.certificate)
  const publicKey = publicKeyOf(certificate.spki)
  const { digest, keyType } = signatureAlgorithms[input.algorithm]
  if (publicKey.asymmetricKeyType !== keyType) refuse('pki.algorithm', 'the algorithm does not fit the key')
  const chain = input.chain.map(readCertificate).filter((link) => !isSelfIssued(link))
  const signer = {
    certificate,
    algorithm: input.algorithm,
    digest,
    publicKey,
    attributes: attributeTemplate(certificate, input.algorithm, digest),
    parts: {
      version: unsigned(1),
      digestAlgorithms: setOf(digestIdentifiers[digest]),
      content: sequence(idData),
      // A SET OF: in DER order (X.690 11.6).
      certificates: retag(0xa0, setOf(certificate.der, ...chain.map((link) => link.der))),
      signerHead: Buffer.concat([
        unsigned(1),
        sequence(certificate.issuer.raw, tlv(TAG.integer, certificate.serial)),
        digestIdentifiers[digest],
      ]),
    },
    containerLength: 0,
  }
  const longest = Buffer.alloc(maxSignatureLength(publicKey))
  return { ...signer, containerLength: assembleSignedData(signer, signer.attributes.template, longest).length }
}

function attribute(type: string, value: Bytes): Bytes {
  return sequence(oid(type), tlv(TAG.set, value))
}

/** The attributes of CAdES as PAdES wants them: without signing-time (EN 319 142-1 table 1). */
function attributeTemplate(certificate: Certificate, algorithm: SignatureAlgorithm, digest: DigestAlgorithm) {
  const digestAttribute = attribute(OID.messageDigest, octetString(Buffer.alloc(digestLengths[digest])))
  const template = setOf(
    attribute(OID.contentType, idData),
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

/** Second stage: the container around the attributes and the signature over them (RFC 5652 5). */
export function assembleSignedData(
  { parts, algorithm }: Pick<CmsSigner, 'parts' | 'algorithm'>,
  attributes: Bytes,
  signature: Bytes,
): Bytes {
  const signerInfo = sequence(
    parts.signerHead,
    retag(0xa0, attributes),
    signatureAlgorithms[algorithm].encoded,
    octetString(signature),
  )
  const { version, digestAlgorithms, content, certificates } = parts
  const signedData = sequence(version, digestAlgorithms, content, certificates, tlv(TAG.set, signerInfo))
  return sequence(idSignedData, context(0, signedData))
}

/** True when these attributes are what this signer would sign for this digest. */
export function areAttributesOf(signer: CmsSigner, documentDigest: Bytes, attributes: Bytes): boolean {
  return equalBytes(signedAttributes(signer, documentDigest), attributes)
}
