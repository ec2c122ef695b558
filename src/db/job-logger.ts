import { Logger } from 'graphile-worker'
import type { Log } from './log.ts'

/** A logger that says nothing: for the queue's migrations, whose failures are thrown. */
export const quietJobLogger = new Logger(() => () => undefined)

/** Passes on the queue's warnings and errors. Its other lines, one or more per job, stay unsaid. */
export function jobLogger(log: Log): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error(message)
    else if (level === 'warning') log.warn(message)
  })
}
