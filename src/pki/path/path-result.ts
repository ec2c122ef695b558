import { type Certificate, serialText } from '../certificate.ts'
import { PkiError } from '../pki-error.ts'

/**
 * - `no_path`: no certificate that is known issued this one
 * - `not_yet_valid`, `expired`: the moment lies outside the certificate's validity
 * - `bad_signature`: the issuer's key did not make the signature
 * - `weak_algorithm`: an algorithm or key that is unknown, too weak, or no longer strong enough at the moment
 * - `name_chaining`: the issuer's name is not the one that the certificate gives
 * - `not_an_authority`, `path_too_long`, `key_usage`, `wrong_purpose`: the certificate is not for what it is used for
 * - `unknown_critical_extension`: an extension that must not be passed over is not understood
 * - `name_not_permitted`, `name_excluded`: an authority was not allowed to issue for the name
 * - `unsupported_name_constraint`: a constraint on names of a form that is not understood, and such a name
 * - `policy`: the path is not valid under any policy that was asked for
 * - `malformed`: a part of a certificate cannot be read
 * - `too_much_work`: the search was given up
 */
export type PathFailure =
  | 'no_path'
  | 'not_yet_valid'
  | 'expired'
  | 'bad_signature'
  | 'weak_algorithm'
  | 'name_chaining'
  | 'not_an_authority'
  | 'path_too_long'
  | 'key_usage'
  | 'wrong_purpose'
  | 'unknown_critical_extension'
  | 'name_not_permitted'
  | 'name_excluded'
  | 'unsupported_name_constraint'
  | 'policy'
  | 'malformed'
  | 'too_much_work'

/** A valid path from the certificate up to an anchor. */
export type ValidPath = {
  readonly ok: true
  /** The certificate first, the anchor last. */
  readonly path: readonly Certificate[]
  /** Dotted identifiers of the policies under which the path is valid, in the anchor's domain (6.1.6). */
  readonly policies: readonly string[]
}

export type InvalidPath = {
  readonly ok: false
  readonly reason: PathFailure
  /** The document and the rule that is broken. */
  readonly clause: string
  /** Serial number of the certificate that breaks it. */
  readonly serial: string
  readonly at: Certificate
  /** When the algorithm stopped to be strong enough. */
  readonly until?: Date
}

export type PathResult = ValidPath | InvalidPath

/** Says that a certificate breaks a rule. */
export function broken(reason: PathFailure, clause: string, at: Certificate, until?: Date): InvalidPath {
  const failure = { ok: false, reason, clause, serial: serialText(at), at } as const
  return until ? { ...failure, until } : failure
}

/** Runs a check; what it cannot read in the certificate is a verdict about it, under `fallback` or the rule's own clause. */
export function guarded<T>(at: Certificate, check: () => T, fallback = 'RFC 5280 6.1'): T | InvalidPath {
  try {
    return check()
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    const clause = error.details['clause']
    const reason = error.code === 'pki.algorithm' ? 'weak_algorithm' : 'malformed'
    return broken(reason, typeof clause === 'string' ? clause : fallback, at)
  }
}
