/**
 * The error type of the lower floors: a refusal with a stable code and public details.
 *
 * `code` is what callers branch on, `message` tells a person what is wrong and what to do. `details` may hold
 * numbers, names of fields and identifiers: never personal data, secrets, or bytes of a document.
 */
export class CodedError<Code extends string = string> extends Error {
  readonly code: Code
  readonly details: ErrorDetails

  constructor(code: Code, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
    this.details = details
  }
}

export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>
