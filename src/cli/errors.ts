import { CodedError } from '../std/error.ts'

/** The command line cannot be followed: an unknown word, a missing value, a file that is not there. */
export class UsageError extends CodedError<'usage.invalid' | 'usage.unreadable_file'> {}

/** The platform did not open, or its server did not start. The message says what to change. */
export class NotOpened extends CodedError {}

/** What was asked for is not there, or did not hold. An answer, not a failure of the command. */
export class Refused extends CodedError {}

/** Refuses a command line. `message` is a sentence that tells what is expected. */
export function refuseUsage(message: string): never {
  throw new UsageError('usage.invalid', message)
}
