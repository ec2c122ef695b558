/** The verdict over one signature, in the words of EN 319 102-1. */
export type Indication = 'TOTAL-PASSED' | 'TOTAL-FAILED' | 'INDETERMINATE'

export type SubIndication =
  | 'FORMAT_FAILURE'
  | 'HASH_FAILURE'
  | 'SIG_CRYPTO_FAILURE'
  | 'SIG_CONSTRAINTS_FAILURE'
  | 'CHAIN_CONSTRAINTS_FAILURE'
  | 'CERTIFICATE_CHAIN_GENERAL_FAILURE'
  | 'CRYPTO_CONSTRAINTS_FAILURE'
  | 'NO_SIGNING_CERTIFICATE_FOUND'
  | 'NO_CERTIFICATE_CHAIN_FOUND'
  | 'OUT_OF_BOUNDS_NO_POE'
  | 'TRY_LATER'

/** Why a signature is not valid. */
export type Problem = {
  readonly indication: Exclude<Indication, 'TOTAL-PASSED'>
  readonly subIndication: SubIndication
  /** Stable name of the rule that is broken. */
  readonly code: string
  /** For people. */
  readonly message: string
}

/** Something to know that does not decide the verdict. */
export type Finding = { readonly code: string; readonly message: string }

/** What a later revision did to the document. */
export type Change =
  | {
      readonly kind: 'signature'
      readonly field: string
      /** True when the signature came with a field of its own. */
      readonly newField: boolean
      /** True when it shows something on the page, which may lie over what was signed. */
      readonly visible: boolean
    }
  | { readonly kind: 'field'; readonly field: string }
  | { readonly kind: 'document_information' }
  /** Nothing vouches for it: the signature is not valid. */
  | { readonly kind: 'undefined'; readonly what: string; readonly object?: number }

export type SignerReport = {
  /** RFC 4514 text. */
  readonly subject: string
  readonly issuer: string
  readonly commonName?: string
  /** Hexadecimal. */
  readonly serial: string
  readonly notBefore: Date
  readonly notAfter: Date
}

export type SignatureReport = {
  /** Full name of the field. */
  readonly field: string
  readonly indication: Indication
  readonly subIndication?: SubIndication
  /** The problem that decides; undefined when there is none. */
  readonly reason?: Problem
  /** All problems, the deciding one too. */
  readonly problems: readonly Problem[]
  readonly findings: readonly Finding[]
  /** `PAdES-B-B` when every rule of EN 319 142-1 table 1 is kept. */
  readonly format: 'PAdES-B-B' | 'other'
  /** `whole_revision`: later revisions follow, see `changes`. */
  readonly coverage: 'whole_document' | 'whole_revision' | 'unclear'
  /** One list for each later revision, oldest first. */
  readonly changes: readonly (readonly Change[])[]
  readonly signer?: SignerReport
  /** The claimed time of signing (/M): nothing proves it. */
  readonly claimedAt?: Date
  /** What a full validation would look at and this one did not. */
  readonly notChecked: readonly string[]
}

export type Report = {
  /** The worst of all signatures; `NO_SIGNATURE` when there is none. */
  readonly indication: Indication | 'NO_SIGNATURE'
  /** In the order of the form. */
  readonly signatures: readonly SignatureReport[]
}

export function failed(subIndication: SubIndication, code: string, message: string): Problem {
  return { indication: 'TOTAL-FAILED', subIndication, code, message }
}

export function indeterminate(subIndication: SubIndication, code: string, message: string): Problem {
  return { indication: 'INDETERMINATE', subIndication, code, message }
}

/** The problem that decides: a failure before a doubt, the earlier check before the later one. */
export function decidingProblem(problems: readonly Problem[]): Problem | undefined {
  return problems.find(({ indication }) => indication === 'TOTAL-FAILED') ?? problems[0]
}
