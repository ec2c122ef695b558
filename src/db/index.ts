export {
  type Database,
  openDatabase,
  type TenantDb,
  type Tx,
} from './database.ts'
export { openEmbedded } from './embedded/embedded-postgres.ts'
export { DatabaseRefused, DatabaseUnavailable } from './errors.ts'
export { declareJob, enqueue } from './jobs.ts'
export type { Log } from './log.ts'
export { MigrationError, migrate } from './migrate.ts'
export { openOutside } from './outside.ts'
