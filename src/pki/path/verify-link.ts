import { KeyObject } from 'node:crypto'
import { equalBytes } from '../../std/bytes.ts'
import { acceptableAt, standardAlgorithms } from '../algorithm-policy.ts'
import type { Certificate } from '../certificate.ts'
import { certificateKey } from '../certificate-key.ts'
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from '../extensions/key-identifiers.ts'
import { OID } from '../oids.ts'
import { type SignatureAlgorithm, signatureAlgorithmOf } from '../signature-algorithm.ts'
import { verifySignature } from '../verify.ts'
import { linkName } from './link-cache.ts'
import type { PathInput } from './path-input.ts'
import { broken, guarded, type InvalidPath } from './path-result.ts'
import { extensionOf } from './read-extension.ts'

const MAX_SIGNATURE_CHECKS = 100
const SIGNATURE_CLAUSE = 'RFC 5280 6.1.3 (a)(1)'

/** Says what is wrong with the signature of `child` as one of `issuer`. */
export type LinkVerifier = (child: Certificate, issuer: Certificate) => InvalidPath | undefined

/** What was spent on one validation. */
export type Work = { signatures: number }

/** True when no further signature is checked. */
export function isSpent(work: Work): boolean {
  return work.signatures > MAX_SIGNATURE_CHECKS
}

type Verification = { readonly input: PathInput; readonly work: Work }

/** A verifier for one validation: it checks no signature twice, and a bounded number of them. */
export function linkVerifier(input: PathInput, work: Work = { signatures: 0 }): LinkVerifier {
  const verification: Verification = { input, work }
  const known = new Map<Certificate, Map<Certificate, InvalidPath | undefined>>()
  return (child, issuer) => {
    const links = known.get(child) ?? new Map<Certificate, InvalidPath | undefined>()
    known.set(child, links)
    if (!links.has(issuer)) links.set(issuer, verifyLink(verification, child, issuer))
    return links.get(issuer)
  }
}

/** 6.1.3 (a)(1), after what tells without arithmetic that it must fail. */
function verifyLink(verification: Verification, child: Certificate, issuer: Certificate): InvalidPath | undefined {
  const strangers = guarded(issuer, () => checkKeyIdentifiers(child, issuer))
  if (strangers) return strangers
  const algorithm = guarded(child, () => signatureAlgorithmOf(child.algorithm), SIGNATURE_CLAUSE)
  if (typeof algorithm !== 'string') return algorithm
  const key = guarded(issuer, () => certificateKey(issuer), SIGNATURE_CLAUSE)
  if (!(key instanceof KeyObject)) return key
  const { algorithms = standardAlgorithms, time } = verification.input
  const strength = acceptableAt(algorithms, { algorithm, key }, time)
  if (strength !== true) return broken('weak_algorithm', algorithms.source, child, strength.until)
  return checkSignature(verification, child, issuer, { algorithm, key })
}

/** A key identifier that differs means another key of the same authority. */
function checkKeyIdentifiers(child: Certificate, issuer: Certificate): InvalidPath | undefined {
  const wanted = extensionOf(child, OID.authorityKeyIdentifier, readAuthorityKeyIdentifier)
  const had = wanted && extensionOf(issuer, OID.subjectKeyIdentifier, readSubjectKeyIdentifier)
  if (!wanted || !had || equalBytes(wanted, had)) return undefined
  return broken('no_path', 'RFC 5280 4.2.1.1', child)
}

function checkSignature(
  verification: Verification,
  child: Certificate,
  issuer: Certificate,
  { algorithm, key }: { readonly algorithm: SignatureAlgorithm; readonly key: KeyObject },
): InvalidPath | undefined {
  const { work, input } = verification
  const { links } = input
  const link = links ? linkName(child, issuer) : ''
  const known = links?.get(link)
  if (known === undefined) work.signatures++
  if (isSpent(work)) return broken('too_much_work', 'RFC 5280 6.1', child)
  const verified = known ?? verifySignature(algorithm, key, child.raw, child.signature)
  if (known === undefined) links?.set(link, verified)
  return verified ? undefined : broken('bad_signature', SIGNATURE_CLAUSE, child)
}
