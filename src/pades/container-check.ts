import {
  type Attribute,
  type Certificate,
  type DigestAlgorithm,
  knownDigest,
  knownSignature,
  OID,
  oidText,
  PkiError,
  publicKeyOf,
  readCertificate,
  readDer,
  readSignedData,
  type SignedData,
  type SignerInfo,
  TAG,
  verifySignature,
} from '../pki/index.ts'
import { type Bytes, equalBytes } from '../std/bytes.ts'
import { checkAlgorithmProtection, checkSigningCertificate } from './attribute-check.ts'
import { type Finding, failed, indeterminate, type Problem } from './report.ts'

export type ContainerResult = {
  readonly problems: readonly Problem[]
  readonly findings: readonly Finding[]
  /** The signer's certificate, when the container has it. */
  readonly certificate?: Certificate
  /** The other certificates of the container. */
  readonly others: readonly Certificate[]
}

type DigestOf = (algorithm: DigestAlgorithm) => Promise<Bytes>

/** Checks a CMS container over a document: form, attributes, digest and signature. Trust is judged elsewhere. */
export async function checkContainer(contents: Bytes, digestOf: DigestOf): Promise<ContainerResult> {
  let data: SignedData
  try {
    data = readSignedData(contents)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return none(failed('FORMAT_FAILURE', 'cms.malformed', `The container cannot be read: ${error.message}.`))
  }
  const form = checkForm(data, contents)
  const [signer] = data.signerInfos
  if (form.length > 0 || !signer) return none(...form)
  const checked = await checkSigner(data, signer, digestOf)
  return { ...checked, findings: [...checked.findings, ...encodingFindings(data)] }
}

function none(...problems: readonly Problem[]): ContainerResult {
  return { problems, findings: [], others: [] }
}

/** Many signers write BER: it keeps a signature from being PAdES baseline, not from being valid. */
function encodingFindings(data: SignedData): Finding[] {
  return data.encoding === 'DER' ? [] : [{ code: 'cms.ber', message: 'The container is in BER, not in DER.' }]
}

/** EN 319 142-1 table 1, ISO 32000-2 12.8.1. */
function checkForm(data: SignedData, contents: Bytes): Problem[] {
  const problems: Problem[] = []
  const must = (holds: boolean, code: string, message: string) => {
    if (!holds) problems.push(failed('FORMAT_FAILURE', code, message))
  }
  const isPadded = contents.subarray(data.length).every((byte) => byte === 0)
  must(isPadded, 'cms.trailing_bytes', 'Bytes other than zero follow the container.')
  must(data.signerInfos.length === 1, 'cms.signer_count', 'The container must have exactly one signer.')
  must(data.content === undefined, 'cms.encapsulated_content', 'The container must not hold the content.')
  must(data.contentType === OID.data, 'cms.content_type', 'The content type must be id-data.')
  must(
    data.signerInfos.every((signer) => isFramed(data, signer)),
    'cms.frame',
    'The versions or digests do not agree.',
  )
  return problems
}

/** What the signature does not cover is fixed by rules all the same: RFC 5652 5.1 and 5.3. */
function isFramed(data: SignedData, signer: SignerInfo): boolean {
  const version = 'keyIdentifier' in signer.sid ? 3 : 1
  const isListed = data.digestAlgorithms.some(({ oid }) => oid === signer.digestAlgorithm.oid)
  return data.version === version && signer.version === version && isListed
}

async function checkSigner(data: SignedData, signer: SignerInfo, digestOf: DigestOf): Promise<ContainerResult> {
  if (!signer.signed)
    return none(failed('FORMAT_FAILURE', 'cms.no_signed_attributes', 'The signer has no signed attributes.'))
  const { certificates, findings } = readCertificates(data.certificates)
  const { attributes } = signer.signed
  const problems = [
    ...checkContentType(attributes),
    ...(await checkMessageDigest(signer, attributes, digestOf)),
    ...checkAlgorithmProtection(signer, attributes),
  ]
  if (attributes.some(({ type }) => type === OID.signingTime))
    findings.push({ code: 'cms.signing_time', message: 'The attribute signing-time must not be in a PDF signature.' })
  const certificate = certificates.find((candidate) => isSignerCertificate(signer, candidate))
  if (certificate === undefined) {
    const message = "The container lacks the signer's certificate."
    problems.push(indeterminate('NO_SIGNING_CERTIFICATE_FOUND', 'cms.no_certificate', message))
    return { problems, findings, others: certificates }
  }
  problems.push(...checkSigningCertificate(attributes, certificate), ...checkSignature(signer, certificate))
  return { problems, findings, certificate, others: certificates.filter((other) => other !== certificate) }
}

function readCertificates(encoded: readonly Bytes[]): { certificates: Certificate[]; findings: Finding[] } {
  const certificates: Certificate[] = []
  const findings: Finding[] = []
  for (const der of encoded) {
    try {
      certificates.push(readCertificate(der))
    } catch (error) {
      if (!(error instanceof PkiError)) throw error
      findings.push({ code: 'cms.certificate_unreadable', message: `A certificate is left out: ${error.message}.` })
    }
  }
  return { certificates, findings }
}

function isSignerCertificate({ sid }: SignerInfo, { issuer, serial, extensions }: Certificate): boolean {
  if ('issuer' in sid) return equalBytes(sid.issuer, issuer.raw) && equalBytes(sid.serial, serial)
  const own = extensions.get(OID.subjectKeyIdentifier)?.value
  return own !== undefined && contentOf(own, TAG.octetString, (content) => equalBytes(content, sid.keyIdentifier))
}

/** True when the value is of this type and its content passes the test; false too when it cannot be read. */
function contentOf(value: Bytes, tag: number, test: (content: Bytes) => boolean): boolean {
  try {
    const node = readDer(value)
    return node.tag === tag && test(node.content)
  } catch (error) {
    if (error instanceof PkiError) return false
    throw error
  }
}

function checkContentType(attributes: readonly Attribute[]): Problem[] {
  const values = attributes.find(({ type }) => type === OID.contentType)?.values ?? []
  const isData = values.length === 1 && values.every((value) => contentOf(value, TAG.oid, () => isDataOid(value)))
  if (isData) return []
  return [failed('FORMAT_FAILURE', 'cms.content_type_attribute', 'The attribute content-type is missing or wrong.')]
}

function isDataOid(value: Bytes): boolean {
  return oidText(readDer(value)) === OID.data
}

async function checkMessageDigest(
  signer: SignerInfo,
  attributes: readonly Attribute[],
  digestOf: DigestOf,
): Promise<Problem[]> {
  const algorithm = knownDigest(signer.digestAlgorithm)
  if (algorithm === undefined)
    return [indeterminate('CRYPTO_CONSTRAINTS_FAILURE', 'cms.digest_algorithm', 'The digest is unknown or too weak.')]
  const values = attributes.find(({ type }) => type === OID.messageDigest)?.values ?? []
  const [value] = values
  if (!value || values.length !== 1)
    return [failed('FORMAT_FAILURE', 'cms.message_digest_missing', 'The attribute message-digest is missing.')]
  const digest = await digestOf(algorithm)
  if (contentOf(value, TAG.octetString, (content) => equalBytes(content, digest))) return []
  return [failed('HASH_FAILURE', 'cms.message_digest', 'The document is not the one that was signed.')]
}

function checkSignature(signer: SignerInfo, certificate: Certificate): Problem[] {
  const digest = knownDigest(signer.digestAlgorithm)
  const algorithm = digest && knownSignature(signer.signatureAlgorithm, digest)
  if (!algorithm || !signer.signed) {
    const message = 'The signature algorithm is unknown or too weak.'
    return [indeterminate('CRYPTO_CONSTRAINTS_FAILURE', 'cms.signature_algorithm', message)]
  }
  try {
    const key = publicKeyOf(certificate.spki)
    if (verifySignature(algorithm, key, signer.signed.encoded, signer.signature)) return []
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return [indeterminate('CRYPTO_CONSTRAINTS_FAILURE', 'cms.key', "The signer's key is unknown or too weak.")]
  }
  return [failed('SIG_CRYPTO_FAILURE', 'cms.signature', 'The signature does not verify with the certificate.')]
}
