import { equalBytes } from '../../std/bytes.ts'
import type { Certificate } from '../certificate.ts'
import { sameName } from '../name-match.ts'
import { checkCriticalExtensions } from './critical-extensions.ts'
import { anchorFor, type Candidate, issuerCandidates } from './issuer-candidates.ts'
import type { PathInput } from './path-input.ts'
import { broken, type InvalidPath, type PathResult } from './path-result.ts'
import { checkValidity } from './process-certificate.ts'
import { validatePath } from './validate-path.ts'
import { isSpent, type LinkVerifier, linkVerifier, type Work } from './verify-link.ts'

/** Certificates in a path, the anchor among them. */
const MAX_LENGTH = 10
/** Issuers that are looked at, whether or not their signature must be checked anew. */
const MAX_STEPS = 1_000
/** Paths up to an anchor that are validated. */
const MAX_PATHS = 50

type Search = {
  readonly input: PathInput
  readonly verify: LinkVerifier
  readonly work: Work & { steps: number; paths: number }
  /** The failure of the attempt that came furthest, and how far that was. */
  best: { readonly failure: InvalidPath; readonly progress: number } | undefined
}

/**
 * Finds a path from `leaf` to one of the anchors that is valid by {@link validatePath}. The certificates may come in
 * any order, more than one may bear a name, and authorities may have certified each other; work is bounded.
 *
 * Without a valid path the verdict is about the attempt that came furthest: a path that reached an anchor before one
 * that did not, and among those the one that broke closest to the leaf.
 */
export function findPath(leaf: Certificate, input: PathInput): PathResult {
  const early = checkValidity(leaf, input.time) ?? checkCriticalExtensions(leaf, 'RFC 5280 6.1.5 (f)')
  if (early) return early
  if (anchorFor(leaf, input)) return validatePath([leaf], input)
  const work = { signatures: 0, steps: 0, paths: 0 }
  const search: Search = { input, verify: linkVerifier(input, work), work, best: undefined }
  const found = climb(search, [leaf])
  if (found) return found
  if (isExhausted(search)) return broken('too_much_work', 'RFC 5280 6.1', leaf)
  return search.best?.failure ?? broken('no_path', 'RFC 5280 6.1', leaf)
}

/** Tries all that may have issued the last certificate of `path`. */
function climb(search: Search, path: readonly Certificate[]): PathResult | undefined {
  const child = path.at(-1)
  if (child === undefined) return undefined
  const candidates = issuerCandidates(child, search.input).filter(({ certificate }) => !isPassed(path, certificate))
  if (candidates.length === 0) note(search, broken('no_path', 'RFC 5280 6.1', child), path)
  for (const candidate of candidates) {
    const found = follow(search, path, child, candidate)
    if (found || isExhausted(search)) return found
  }
  return undefined
}

function follow(
  search: Search,
  path: readonly Certificate[],
  child: Certificate,
  { certificate, isAnchor }: Candidate,
): PathResult | undefined {
  const failure = limitReached(search, path) ?? search.verify(child, certificate)
  if (failure) {
    note(search, failure, path)
    return undefined
  }
  const longer = [...path, certificate]
  return isAnchor ? conclude(search, longer) : climb(search, longer)
}

/** The same authority with the same key a second time leads in a circle, whatever its certificate says. */
function isPassed(path: readonly Certificate[], issuer: Certificate): boolean {
  return path.some(({ subject, spki }) => equalBytes(spki, issuer.spki) && sameName(subject, issuer.subject))
}

function limitReached(search: Search, path: readonly Certificate[]): InvalidPath | undefined {
  const [leaf] = path
  search.work.steps++
  const isReached = isExhausted(search) || path.length >= MAX_LENGTH
  return isReached && leaf ? broken('too_much_work', 'RFC 5280 6.1', leaf) : undefined
}

function isExhausted({ work }: Search): boolean {
  return work.steps > MAX_STEPS || work.paths >= MAX_PATHS || isSpent(work)
}

function conclude(search: Search, path: readonly Certificate[]): PathResult | undefined {
  search.work.paths++
  const result = validatePath(path, search.input, search.verify)
  if (result.ok) return result
  note(search, result, path)
  return undefined
}

const COMPLETE = 1_000

/** Keeps the failure when its attempt came further than those before. */
function note(search: Search, failure: InvalidPath, path: readonly Certificate[]): void {
  const progress = progressOf(search, failure, path)
  if (search.best === undefined || progress > search.best.progress) search.best = { failure, progress }
}

function progressOf({ input }: Search, failure: InvalidPath, path: readonly Certificate[]): number {
  const top = path.at(-1)
  const isComplete = path.length > 1 && top && anchorFor(top, input) !== undefined
  if (isComplete) return COMPLETE - path.indexOf(failure.at)
  // A signature that does not hold says more than an issuer that is not there.
  return 2 * path.length + (failure.reason === 'no_path' ? 0 : 1)
}
