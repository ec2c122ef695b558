import { type Bytes, equalBytes } from '../std/bytes.ts'
import { type Der, fieldsOf, oidText } from './der-reader.ts'
import { NULL, oid, sequence, TAG } from './der-writer.ts'
import { OID } from './oids.ts'
import { refuse } from './pki-error.ts'

export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512'

export type SignatureAlgorithm =
  | 'ecdsa-sha256'
  | 'ecdsa-sha384'
  | 'ecdsa-sha512'
  | 'rsa-sha256'
  | 'rsa-sha384'
  | 'rsa-sha512'

type SignatureFacts = {
  readonly oid: string
  readonly digest: DigestAlgorithm
  readonly keyType: 'ec' | 'rsa'
  /** The whole AlgorithmIdentifier. */
  readonly encoded: Bytes
}

function ecdsa(dotted: string, digest: DigestAlgorithm): SignatureFacts {
  // RFC 5758 3.2: the parameters are absent.
  return { oid: dotted, digest, keyType: 'ec', encoded: sequence(oid(dotted)) }
}

function rsa(dotted: string, digest: DigestAlgorithm): SignatureFacts {
  // RFC 4055 5: the parameters are NULL, not absent.
  return { oid: dotted, digest, keyType: 'rsa', encoded: sequence(oid(dotted), NULL) }
}

export const signatureAlgorithms: Readonly<Record<SignatureAlgorithm, SignatureFacts>> = {
  'ecdsa-sha256': ecdsa(OID.ecdsaWithSha256, 'sha256'),
  'ecdsa-sha384': ecdsa(OID.ecdsaWithSha384, 'sha384'),
  'ecdsa-sha512': ecdsa(OID.ecdsaWithSha512, 'sha512'),
  'rsa-sha256': rsa(OID.sha256WithRsa, 'sha256'),
  'rsa-sha384': rsa(OID.sha384WithRsa, 'sha384'),
  'rsa-sha512': rsa(OID.sha512WithRsa, 'sha512'),
}

/** The AlgorithmIdentifier of each digest; the parameters are absent (RFC 5754 2). */
export const digestIdentifiers: Readonly<Record<DigestAlgorithm, Bytes>> = {
  sha256: sequence(oid(OID.sha256)),
  sha384: sequence(oid(OID.sha384)),
  sha512: sequence(oid(OID.sha512)),
}

/** Bytes of a digest. */
export const digestLengths: Readonly<Record<DigestAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 }

const digestNames: ReadonlyMap<string, DigestAlgorithm> = new Map([
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
])

const signatureNames = new Map(
  Object.entries(signatureAlgorithms).map(([name, facts]) => [facts.oid, name as SignatureAlgorithm]),
)

/** Any algorithm with its parameters, known here or not (RFC 5280 4.1.1.2). */
export type AlgorithmIdentifier = { readonly oid: string; readonly parameters?: Bytes; readonly raw: Bytes }

/** Reads an AlgorithmIdentifier. Throws `pki.der`. */
export function readAlgorithmIdentifier(node: Der): AlgorithmIdentifier {
  const fields = fieldsOf(node, 'AlgorithmIdentifier')
  const dotted = oidText(fields.take(TAG.oid))
  const parameters = fields.more ? fields.take().raw : undefined
  fields.end()
  return parameters ? { oid: dotted, parameters, raw: node.raw } : { oid: dotted, raw: node.raw }
}

/** The digest that an identifier names: absent or NULL parameters, nothing below SHA-256. */
export function knownDigest(identifier: AlgorithmIdentifier): DigestAlgorithm | undefined {
  return absentOrNull(identifier) ? digestNames.get(identifier.oid) : undefined
}

/**
 * The signature algorithm that an identifier names. `rsaEncryption` alone says nothing of the digest, which a
 * SignerInfo gives beside it (RFC 5652 5.3, RFC 3370 3.2).
 */
export function knownSignature(
  identifier: AlgorithmIdentifier,
  digest?: DigestAlgorithm,
): SignatureAlgorithm | undefined {
  if (!absentOrNull(identifier)) return undefined
  if (identifier.oid === OID.rsaEncryption) return digest && `rsa-${digest}`
  const name = signatureNames.get(identifier.oid)
  return name && (digest === undefined || signatureAlgorithms[name].digest === digest) ? name : undefined
}

function absentOrNull({ parameters }: AlgorithmIdentifier): boolean {
  return parameters === undefined || equalBytes(parameters, NULL)
}

/** Throws `pki.algorithm` when the text is none of the names in the table. */
export function signatureAlgorithmNamed(text: string): SignatureAlgorithm {
  const found = [...signatureNames.values()].find((name) => name === text)
  return found ?? refuse('pki.algorithm', 'there is no such signature algorithm')
}
