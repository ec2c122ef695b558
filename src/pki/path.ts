import type { KeyObject } from 'node:crypto'
import { equalBytes } from '../std/bytes.ts'
import { knownSignature } from './algorithm-identifier.ts'
import { type Certificate, isSelfIssued, serialText } from './certificate.ts'
import { readBasicConstraints } from './extensions/basic-constraints.ts'
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from './extensions/key-identifiers.ts'
import { readKeyUsage } from './extensions/key-usage.ts'
import { OID } from './oids.ts'
import { PkiError } from './pki-error.ts'
import { publicKeyOf, verifySignature } from './verify.ts'

export type PathFailure =
  | 'no_path'
  | 'not_yet_valid'
  | 'expired'
  | 'bad_signature'
  | 'weak_algorithm'
  | 'not_an_authority'
  | 'path_too_long'
  | 'key_usage'
  | 'unknown_critical_extension'
  | 'malformed'
  | 'too_much_work'

/** A chain from the certificate up to an anchor, or why there is none. */
export type PathResult =
  | { readonly ok: true; readonly path: readonly Certificate[] }
  | {
      readonly ok: false
      readonly reason: PathFailure
      /** The rule of RFC 5280 that is broken. */
      readonly clause: string
      /** Serial number of the certificate that breaks it. */
      readonly serial: string
    }

export type PathInput = {
  /** Trusted by decision of the caller: their own signature and constraints on others are not asked for. */
  readonly anchors: readonly Certificate[]
  readonly intermediates: readonly Certificate[]
  /** The moment at which every certificate must be valid. */
  readonly time: Date
}

const MAX_DEPTH = 8
const MAX_SIGNATURE_CHECKS = 100

/** Understood here, or without effect on a path of the kind that is checked here. */
const UNDERSTOOD: ReadonlySet<string> = new Set([OID.basicConstraints, OID.keyUsage, OID.extKeyUsage])

type Failure = Extract<PathResult, { ok: false }>
type Search = PathInput & { checks: number; worst: Failure | undefined; readonly keys: Map<Certificate, KeyObject> }

/**
 * Finds a chain of valid certificates from `leaf` to one of the anchors (RFC 5280 6.1, without policies and name
 * constraints: a certificate that has those as critical extensions is refused). Work is bounded.
 */
export function findPath(leaf: Certificate, input: PathInput): PathResult {
  const search: Search = { ...input, checks: 0, worst: undefined, keys: new Map() }
  const own = checkOwn(leaf, input.time)
  if (own) return own
  if (input.anchors.some((anchor) => equalBytes(anchor.der, leaf.der))) return { ok: true, path: [leaf] }
  const path = climb(search, [leaf])
  return path ? { ok: true, path } : (search.worst ?? failure('no_path', '6.1', leaf))
}

function failure(reason: PathFailure, clause: string, certificate: Certificate): Failure {
  return { ok: false, reason, clause: `RFC 5280 ${clause}`, serial: serialText(certificate) }
}

function climb(search: Search, path: readonly Certificate[]): readonly Certificate[] | undefined {
  const child = path[path.length - 1]
  if (child === undefined || path.length > MAX_DEPTH) return undefined
  for (const [issuer, trusted] of candidates(search, child)) {
    if (path.includes(issuer)) continue
    const broken = checkLink(search, child, issuer, path)
    if (broken) {
      search.worst ??= broken
      continue
    }
    if (trusted) return [...path, issuer]
    const found = climb(search, [...path, issuer])
    if (found) return found
  }
  return undefined
}

/** Anchors first: the shortest way up is the one that is wanted. RFC 5280 6.1.3 (a)(4). */
function candidates(search: Search, child: Certificate): (readonly [Certificate, boolean])[] {
  const issues = (issuer: Certificate) => equalBytes(issuer.subject.raw, child.issuer.raw)
  return [
    ...search.anchors.filter(issues).map((issuer) => [issuer, true] as const),
    ...search.intermediates.filter(issues).map((issuer) => [issuer, false] as const),
  ]
}

function checkLink(
  search: Search,
  child: Certificate,
  issuer: Certificate,
  path: readonly Certificate[],
): Failure | undefined {
  if (++search.checks > MAX_SIGNATURE_CHECKS) return failure('too_much_work', '6.1', child)
  try {
    if (!keyIdentifiersAgree(child, issuer)) return failure('no_path', '4.2.1.1', child)
    return checkOwn(issuer, search.time) ?? checkAuthority(issuer, path) ?? checkSignature(search, child, issuer)
  } catch (error) {
    if (error instanceof PkiError) return failure('malformed', '6.1', issuer)
    throw error
  }
}

function keyIdentifiersAgree(child: Certificate, issuer: Certificate): boolean {
  const wanted = child.extensions.get(OID.authorityKeyIdentifier)
  const had = issuer.extensions.get(OID.subjectKeyIdentifier)
  const identifier = wanted && readAuthorityKeyIdentifier(wanted.value)
  if (identifier === undefined || had === undefined) return true
  return equalBytes(identifier, readSubjectKeyIdentifier(had.value))
}

/** What concerns one certificate alone: 6.1.3 (a)(2), 6.1.4 (o), 6.1.5 (f). */
function checkOwn(certificate: Certificate, time: Date): Failure | undefined {
  if (time < certificate.notBefore) return failure('not_yet_valid', '6.1.3 (a)(2)', certificate)
  if (time > certificate.notAfter) return failure('expired', '6.1.3 (a)(2)', certificate)
  for (const extension of certificate.extensions.values()) {
    if (extension.critical && !UNDERSTOOD.has(extension.id))
      return failure('unknown_critical_extension', '6.1.4 (o)', certificate)
  }
  return undefined
}

/** What makes a certificate one that may issue others: 6.1.4 (k) to (n). */
function checkAuthority(issuer: Certificate, path: readonly Certificate[]): Failure | undefined {
  const constraints = issuer.extensions.get(OID.basicConstraints)
  const { ca, pathLength } = constraints ? readBasicConstraints(constraints.value) : { ca: false, pathLength: 0 }
  if (issuer.version !== 3 || !ca) return failure('not_an_authority', '6.1.4 (k)', issuer)
  const usage = issuer.extensions.get(OID.keyUsage)
  if (usage && !readKeyUsage(usage.value).has('keyCertSign')) return failure('key_usage', '6.1.4 (n)', issuer)
  // The leaf does not count, and neither do certificates that an authority issued to itself.
  const between = path.slice(1).filter((certificate) => !isSelfIssued(certificate)).length
  if (pathLength !== undefined && between > pathLength) return failure('path_too_long', '6.1.4 (m)', issuer)
  return undefined
}

/** 6.1.3 (a)(1). */
function checkSignature(search: Search, child: Certificate, issuer: Certificate): Failure | undefined {
  const algorithm = knownSignature(child.algorithm)
  if (algorithm === undefined) return failure('weak_algorithm', '6.1.3 (a)(1)', child)
  const key = search.keys.get(issuer) ?? publicKeyOf(issuer.spki)
  search.keys.set(issuer, key)
  if (verifySignature(algorithm, key, child.raw, child.signature)) return undefined
  return failure('bad_signature', '6.1.3 (a)(1)', child)
}
