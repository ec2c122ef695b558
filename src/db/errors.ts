import { CodedError, type ErrorDetails } from '../std/error.ts'

/**
 * The database did not answer, or stopped answering. The caller may try again later.
 *
 * It does not say that nothing happened: a connection that breaks during COMMIT leaves the outcome open, so a
 * caller that repeats needs an idempotency key or a conditional statement.
 */
export class DatabaseUnavailable extends CodedError<'database.unavailable'> {
  constructor(cause: unknown) {
    super('database.unavailable', 'The database does not answer at the moment. Try again.', {}, { cause })
  }
}

/** Why a database is refused at start. Each is a fact about the installation that an operator must change. */
export type DatabaseRefusalCode =
  | 'database.no_binaries'
  | 'database.start_failed'
  | 'database.too_old'
  | 'database.not_durable'
  | 'database.role_too_powerful'
  | 'database.shut_door'
  | 'database.server_running'
  | 'database.server_lock_lost'

/** The database may not be used the way it is. The message says what to change. */
export class DatabaseRefused extends CodedError<DatabaseRefusalCode> {
  constructor(code: DatabaseRefusalCode, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(code, message, details, options)
  }
}

/** Errors of Node's sockets and name service that mean: nobody is listening there now. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENOTFOUND',
])

/**
 * SQLSTATEs (PostgreSQL appendix A) after which the same request may succeed later: 53xxx resources,
 * 57014 statement time-out, 57P01 to 57P05 shutdown and recovery, 25P03 and 25P04 a session that was cut off,
 * 25006 a server that is a read-only standby for now. Class 08 is tested apart.
 */
const OUTAGE_STATES = new Set([
  '25006',
  '25P03',
  '25P04',
  '53000',
  '53100',
  '53200',
  '53300',
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  '55P03',
])

/** Sentences of `pg` and its pool that carry no code. */
const OUTAGE_SENTENCES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Client has encountered a connection error',
  'Client was closed',
  'Query read timeout',
]

/** The SQLSTATE or the socket's error code, if there is one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** True for a failure of the connection or the server, false for a fault of the statement. */
export function isOutage(error: unknown): boolean {
  const code = errorCode(error)
  if (code !== undefined) return SOCKET_CODES.has(code) || OUTAGE_STATES.has(code) || code.startsWith('08')
  if (!(error instanceof Error)) return false
  return OUTAGE_SENTENCES.some((sentence) => error.message.startsWith(sentence))
}

/** Turns outages into `DatabaseUnavailable`; anything else is returned as it came. */
export function translated(error: unknown): unknown {
  return isOutage(error) ? new DatabaseUnavailable(error) : error
}
