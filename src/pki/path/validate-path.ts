import type { Certificate } from '../certificate.ts'
import { applyAnchor } from './apply-anchor.ts'
import { anchorFor } from './issuer-candidates.ts'
import { checkNames } from './name-space.ts'
import { anchorCertificate, isUnlimited, type PathInput, type TrustAnchor } from './path-input.ts'
import { broken, guarded, type InvalidPath, type PathResult } from './path-result.ts'
import { initialState, type PathState } from './path-state.ts'
import { prepareNext } from './prepare-next.ts'
import { checkValidity, processCertificate, processPolicies } from './process-certificate.ts'
import { type LinkVerifier, linkVerifier } from './verify-link.ts'
import { wrapUp } from './wrap-up.ts'

/**
 * Validates one path, the certificate first and one of the anchors last (RFC 5280 6.1, with the policies of
 * RFC 9618). Revocation, 6.1.3 (a)(3), is for the caller to ask about. The certificates of the anchors are trusted
 * as they are; see {@link PathInput} for their limits.
 */
export function validatePath(
  path: readonly Certificate[],
  input: PathInput,
  verify: LinkVerifier = linkVerifier(input),
): PathResult {
  const [anchor, ...below] = path.toReversed()
  if (anchor === undefined) throw new RangeError('a path has at least one certificate')
  const trusted = anchorFor(anchor, input)
  if (!trusted) return broken('no_path', 'RFC 5280 6.1.1 (d)', anchor)
  const state = initialState(input, anchor, Math.max(1, below.length))
  const failure =
    below.length === 0
      ? guarded(anchor, () => processTrusted(state, anchor, input))
      : (guarded(anchor, () => processAnchor(state, trusted, input)) ?? processAll(state, below, input, verify))
  return conclude(state, path, input, failure)
}

function processAnchor(state: PathState, anchor: TrustAnchor, { time }: PathInput): InvalidPath | undefined {
  return isUnlimited(anchor) ? undefined : applyAnchor(state, anchorCertificate(anchor), time)
}

/** 6.1.3 and 6.1.4 in turn, from the certificate below the anchor to the last. */
function processAll(
  state: PathState,
  below: readonly Certificate[],
  input: PathInput,
  verify: LinkVerifier,
): InvalidPath | undefined {
  for (const [index, certificate] of below.entries()) {
    const isFinal = index === below.length - 1
    const step = () =>
      verify(certificate, state.issuer) ??
      processCertificate(state, certificate, { time: input.time, isFinal }) ??
      (isFinal ? undefined : prepareNext(state, certificate))
    const failure = guarded(certificate, step)
    if (failure) return failure
  }
  return undefined
}

/** A certificate that is an anchor itself: nobody else's signature or name counts, all other rules do. */
function processTrusted(state: PathState, certificate: Certificate, { time }: PathInput): InvalidPath | undefined {
  return (
    checkValidity(certificate, time) ??
    checkNames(state.names, certificate) ??
    processPolicies(state, certificate, true)
  )
}

function conclude(
  state: PathState,
  path: readonly Certificate[],
  input: PathInput,
  failure: InvalidPath | undefined,
): PathResult {
  const [leaf] = path
  if (failure || leaf === undefined) return failure ?? broken('no_path', 'RFC 5280 6.1', state.issuer)
  const policies = guarded(leaf, () => wrapUp(state, leaf, input), 'RFC 5280 6.1.5 (d)')
  return 'ok' in policies ? policies : { ok: true, path, policies }
}
