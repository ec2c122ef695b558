/** What a command ends with. Scripts rely on these numbers: they are never given another meaning. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 64

export const EXIT = { fine: 0, no: 1, usage: 2, notOpened: 3, unexpected: 4 } as const satisfies Record<
  string,
  ExitCode
>

/** What each code says, for `--help`. */
export const EXIT_MEANINGS: Readonly<Partial<Record<ExitCode, string>>> = {
  0: 'it worked',
  1: 'the answer is no, or a check failed',
  2: 'the command line is wrong, or names a file that cannot be read',
  3: 'the platform cannot be opened; the message says what to change',
  4: 'something went wrong that should not have',
}

/**
 * The codes of the commands that work on a document: a verdict has three values, so 2 is the third one there, and a
 * wrong command line is what `sysexits.h` calls it.
 */
export const DOCUMENT_EXIT = { ...EXIT, undecided: 2, usage: 64 } as const satisfies Record<string, ExitCode>

export const DOCUMENT_EXIT_MEANINGS: typeof EXIT_MEANINGS = {
  ...EXIT_MEANINGS,
  1: 'it was refused, or a signature is not valid',
  2: 'it cannot be decided whether the signatures are valid, or there is none',
  64: 'the command line is wrong, or names a file that cannot be read',
}
