export {
  type Database,
  type DatabaseOptions,
  openDatabase,
  type PlatformDb,
  type TenantDb,
  type TransactionOptions,
  type Tx,
} from './database.ts'
export { type EmbeddedOptions, type EmbeddedPostgres, openEmbedded } from './embedded/embedded-postgres.ts'
export { type DatabaseRefusalCode, DatabaseRefused, DatabaseUnavailable } from './errors.ts'
export { declareJob, enqueue, type JobDeclaration, type NewJob } from './jobs.ts'
export type { Log } from './log.ts'
export { MigrationError, type MigrationErrorCode, migrate } from './migrate.ts'
export { type OutsideOptions, openOutside } from './outside.ts'
