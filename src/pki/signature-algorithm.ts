import type { Bytes } from '../std/bytes.ts'
import { type AlgorithmIdentifier, absentOrNull, type DigestAlgorithm } from './algorithm-identifier.ts'
import { NULL, oid, sequence } from './der-writer.ts'
import { OID } from './oids.ts'
import { refuse } from './pki-error.ts'
import { readable } from './readable.ts'
import { encodePssParams, readPssParams } from './rsa-pss-params.ts'

export type SignatureAlgorithm =
  | 'ecdsa-sha256'
  | 'ecdsa-sha384'
  | 'ecdsa-sha512'
  | 'rsa-sha256'
  | 'rsa-sha384'
  | 'rsa-sha512'
  | 'rsa-pss-sha256'
  | 'rsa-pss-sha384'
  | 'rsa-pss-sha512'
  | 'ed25519'

export type SignatureFacts = {
  readonly oid: string
  /** Ed25519 hashes by itself; CMS takes SHA-512 beside it (RFC 8419 2.3). */
  readonly digest: DigestAlgorithm
  readonly scheme: 'ecdsa' | 'rsa-pkcs1' | 'rsa-pss' | 'ed25519'
  /** The whole AlgorithmIdentifier. */
  readonly encoded: Bytes
}

function ecdsa(dotted: string, digest: DigestAlgorithm): SignatureFacts {
  // RFC 5758 3.2: the parameters are absent.
  return { oid: dotted, digest, scheme: 'ecdsa', encoded: sequence(oid(dotted)) }
}

function rsa(dotted: string, digest: DigestAlgorithm): SignatureFacts {
  // RFC 4055 5: the parameters are NULL, not absent.
  return { oid: dotted, digest, scheme: 'rsa-pkcs1', encoded: sequence(oid(dotted), NULL) }
}

function rsaPss(digest: DigestAlgorithm): SignatureFacts {
  const encoded = sequence(oid(OID.rsassaPss), encodePssParams(digest))
  return { oid: OID.rsassaPss, digest, scheme: 'rsa-pss', encoded }
}

export const signatureAlgorithms: Readonly<Record<SignatureAlgorithm, SignatureFacts>> = {
  'ecdsa-sha256': ecdsa(OID.ecdsaWithSha256, 'sha256'),
  'ecdsa-sha384': ecdsa(OID.ecdsaWithSha384, 'sha384'),
  'ecdsa-sha512': ecdsa(OID.ecdsaWithSha512, 'sha512'),
  'rsa-sha256': rsa(OID.sha256WithRsa, 'sha256'),
  'rsa-sha384': rsa(OID.sha384WithRsa, 'sha384'),
  'rsa-sha512': rsa(OID.sha512WithRsa, 'sha512'),
  'rsa-pss-sha256': rsaPss('sha256'),
  'rsa-pss-sha384': rsaPss('sha384'),
  'rsa-pss-sha512': rsaPss('sha512'),
  ed25519: { oid: OID.ed25519, digest: 'sha512', scheme: 'ed25519', encoded: sequence(oid(OID.ed25519)) },
}

const names = Object.keys(signatureAlgorithms) as SignatureAlgorithm[]
const namesByOid = new Map(
  names.filter((name) => signatureAlgorithms[name].scheme !== 'rsa-pss').map((n) => [signatureAlgorithms[n].oid, n]),
)

/**
 * The signature algorithm that an identifier names, its parameters read strictly. `digest` is the one that a
 * SignerInfo gives beside it, which must be the same (RFC 5652 5.3). Throws `pki.algorithm`, or `pki.der` for
 * parameters that cannot be read.
 */
export function signatureAlgorithmOf(identifier: AlgorithmIdentifier, digest?: DigestAlgorithm): SignatureAlgorithm {
  const name = nameOf(identifier, digest)
  if (digest !== undefined && signatureAlgorithms[name].digest !== digest)
    refuse('pki.algorithm', `the digest of ${name} is another one than ${digest}`, { clause: 'RFC 5652 5.3' })
  return name
}

function nameOf(identifier: AlgorithmIdentifier, digest: DigestAlgorithm | undefined): SignatureAlgorithm {
  const { oid: dotted, parameters } = identifier
  if (dotted === OID.rsassaPss) return `rsa-pss-${readPssParams(parameters ?? sequence())}`
  const name = namesByOid.get(dotted) ?? keyName(dotted, digest)
  if (name === undefined) return refuse('pki.algorithm', `the signature algorithm ${dotted} is not used here`)
  const { scheme } = signatureAlgorithms[name]
  if (scheme === 'ed25519' && parameters !== undefined)
    refuse('pki.algorithm', 'Ed25519 has parameters', { clause: 'RFC 8410 3' })
  // In a SignerInfo many signers write NULL for ECDSA; there it hides nothing.
  const isLoose = scheme === 'rsa-pkcs1' || digest !== undefined
  if (!(isLoose ? absentOrNull(identifier) : parameters === undefined))
    refuse('pki.algorithm', `${name} has parameters`, { clause: scheme === 'ecdsa' ? 'RFC 5758 3.2' : 'RFC 4055 5' })
  return name
}

/** A SignerInfo may name the kind of key alone, as its digest stands beside it (RFC 3370 3.2; ECDSA by habit). */
function keyName(dotted: string, digest: DigestAlgorithm | undefined): SignatureAlgorithm | undefined {
  if (digest === undefined) return undefined
  if (dotted === OID.rsaEncryption) return `rsa-${digest}`
  return dotted === OID.ecPublicKey ? `ecdsa-${digest}` : undefined
}

/** Like {@link signatureAlgorithmOf}, without the reason: nothing for an algorithm that is not used here. */
export function knownSignature(
  identifier: AlgorithmIdentifier,
  digest?: DigestAlgorithm,
): SignatureAlgorithm | undefined {
  return readable(() => signatureAlgorithmOf(identifier, digest))
}

/** Throws `pki.algorithm` when the text is none of the names in the table. */
export function signatureAlgorithmNamed(text: string): SignatureAlgorithm {
  return names.find((name) => name === text) ?? refuse('pki.algorithm', 'there is no such signature algorithm')
}
