import { type DestinationStream, type Logger, pino } from 'pino'

/** Names under which a secret or a person would stand, at any depth that our own entries have. */
const HIDDEN = ['authorization', 'cookie', 'password', 'secret', 'token', 'otp', 'email', 'phone', 'body', 'query']

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/**
 * The operator's log: one JSON object a line. Entries are written without personal data and secrets to begin
 * with; hiding these names is the net below.
 */
export function openLog(level: LogLevel, destination?: DestinationStream): Logger {
  const paths = HIDDEN.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...paths, 'headers', '*.headers'], censor: '[hidden]' },
      serializers: { error: errorForLog },
    },
    destination ?? pino.destination({ sync: false }),
  )
}

/** What an operator needs of an error. Further properties (a query's parameters, a row) stay where they are. */
function errorForLog(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: errorForLog(error.cause) }
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}
