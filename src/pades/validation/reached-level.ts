import {
  type Certificate,
  isSelfIssued,
  needsNoStatus,
  type Purpose,
  type StatusSubject,
  sameName,
} from '../../pki/index.ts'
import { equalBytes } from '../../std/bytes.ts'
import { placeOf, type SignatureFacts, type TimestampFacts } from './gather-facts.ts'
import { covers, type Place } from './proofs-of-existence.ts'
import type { SignatureReport } from './report.ts'
import type { ValidationContext } from './validation-context.ts'

/** Authorities above a signer, and responders that answer for responders. */
const MAX_STEPS = 10

/** The highest level of EN 319 142-1 whose content the document has for a signature, whatever is trusted. */
export function reachedLevel(
  facts: SignatureFacts,
  documentTimestamps: readonly TimestampFacts[],
  context: ValidationContext,
): SignatureReport['format'] {
  const { certificate } = facts.container
  if (!certificate || !isBaseline(facts)) return 'other'
  const covering = documentTimestamps.filter(({ placed }) => covers(placed.byteRange, placeOf(facts.placed)))
  const [stamp] = [...facts.tokens, ...covering.map(({ token }) => token)].flatMap((token) => token.certificate ?? [])
  if (!stamp) return 'PAdES-B-B'
  const forSigner = evidencePlaces(certificate, 'documentSigning', context)
  const forStamp = evidencePlaces(stamp, 'timeStamping', context)
  if (!forSigner || !forStamp) return 'PAdES-B-T'
  const used = [...forSigner, ...forStamp]
  const isArchived = covering.some(
    ({ placed, token }) =>
      token.certificate && used.every((places) => places.some((at) => covers(placed.byteRange, at))),
  )
  return isArchived ? 'PAdES-B-LTA' : 'PAdES-B-LT'
}

/** EN 319 142-1 table 1, as far as it concerns the signature itself. */
function isBaseline({ dictionary, container }: SignatureFacts): boolean {
  const isFormal = [...dictionary.problems, ...container.problems].some(
    ({ subIndication }) => subIndication === 'FORMAT_FAILURE' || subIndication === 'SIG_CONSTRAINTS_FAILURE',
  )
  return !isFormal && dictionary.findings.length === 0 && container.findings.length === 0
}

/**
 * Where the document holds what it takes to judge a certificate: for each piece, its places. Undefined when
 * something is missing.
 */
function evidencePlaces(
  leaf: Certificate,
  purpose: Purpose,
  context: ValidationContext,
  depth = 0,
): (readonly Place[])[] | undefined {
  const found: (readonly Place[])[] = []
  let current = leaf
  for (let step = 0; step < MAX_STEPS; step++) {
    if (isTop(current, context)) return found
    const own = context.evidence.placesOf(current)
    const answered = answeredIssuer(current, step === 0 ? purpose : 'certificateAuthority', context, depth)
    if (own.length === 0 || !answered) return undefined
    found.push(own, ...answered.status)
    current = answered.issuer
  }
  return undefined
}

/** Several certificates may bear the issuer's name: the right one is that whose key the answers speak of. */
function answeredIssuer(certificate: Certificate, purpose: Purpose, context: ValidationContext, depth: number) {
  const { policy, intermediates } = context
  for (const issuer of [...policy.anchors, ...policy.timestampAnchors, ...intermediates]) {
    const status =
      sameName(issuer.subject, certificate.issuer) && statusPlaces({ certificate, issuer }, purpose, context, depth)
    if (status) return { issuer, status }
  }
  return undefined
}

function statusPlaces(
  { certificate, issuer }: StatusSubject,
  purpose: Purpose,
  context: ValidationContext,
  depth: number,
): (readonly Place[])[] | undefined {
  if (needsNoStatus(certificate, purpose)) return []
  for (const { finding, origin } of context.evidence.statuses({ certificate, issuer }).known) {
    if (origin.source !== 'document') continue
    if (equalBytes(finding.signer.der, issuer.der)) return [[origin.place]]
    const isDeep = depth >= MAX_STEPS || equalBytes(finding.signer.der, certificate.der)
    const responder = isDeep ? undefined : evidencePlaces(finding.signer, 'ocspSigning', context, depth + 1)
    // A responder's certificate that came inside its answer lies where the answer lies.
    if (responder) return [[origin.place], ...responder]
  }
  return undefined
}

function isTop(certificate: Certificate, { policy }: ValidationContext): boolean {
  const anchors = [...policy.anchors, ...policy.timestampAnchors]
  return isSelfIssued(certificate) || anchors.some(({ der }) => equalBytes(der, certificate.der))
}
