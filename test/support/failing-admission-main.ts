import { serveJobs } from '../../src/pades/confined/serve-jobs.ts'

/* A process for files that the engine does not survive: whichever it is given, it dies of it. */

serveJobs({ admit: () => process.abort() })
