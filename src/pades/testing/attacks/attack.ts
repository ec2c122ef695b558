import type { Indication, SubIndication } from '../../index.ts'

/** What must be said of one signature. */
export type Expected = {
  readonly indication: Indication
  readonly subIndication?: SubIndication
  /** The code of the problem that decides. */
  readonly code?: string
  /** Kinds of all later changes, in their order. */
  readonly changes?: readonly string[]
}

/** A file, and what must be said of its signatures: in the order of the form, the last ones may be left out. */
export type Attack = {
  readonly name: string
  readonly build: () => Buffer | Promise<Buffer>
  readonly expected: readonly Expected[]
}

export const passed = { indication: 'TOTAL-PASSED' } as const satisfies Expected

/** The form of the file or of the signature in it is wrong. */
export function formFailure(code: string): Expected {
  return { indication: 'TOTAL-FAILED', subIndication: 'FORMAT_FAILURE', code }
}

/** No rule vouches for what came later. */
export const undefinedChange = formFailure('later.undefined_change')

/** Allowed, and laid over the page: not valid without a warning. */
export const covered = {
  indication: 'INDETERMINATE',
  subIndication: 'SIG_CONSTRAINTS_FAILURE',
  code: 'later.covers_content',
} as const satisfies Expected
