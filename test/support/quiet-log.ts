import type { Log } from '../../src/db/log.ts'

/** For tests whose subject is something else than what is logged. */
export const quietLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined }
