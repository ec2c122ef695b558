import type { Platform } from '../core/index.ts'

/** What the commands know of the installation that the settings describe. Reading it opens nothing. */
export type Installation = {
  readonly dataDirectory: string
  /** False where a database was given by DATABASE_URL. */
  readonly embedded: boolean
  /** Where the master key lies; undefined where it comes from the environment. */
  readonly masterKeyFile: string | undefined
  /** False where nobody has started a server or made a company yet: opening would make a new installation. */
  readonly exists: boolean
  /** Where the server of this installation listens, or would; undefined where the port is chosen at the start. */
  readonly address: string | undefined
  /** Origin under which people and companies reach it. */
  readonly publicUrl: string
}

export type OpenPlatform = { readonly platform: Platform; close(): Promise<void> }

export type RunningServer = {
  readonly platform: Platform
  /** Where it listens, as http://host:port. */
  readonly address: string
  /** Finishes what is under way, then stops everything. */
  stop(): Promise<void>
  /** Resolves with the reason when the server stopped by itself. */
  readonly lost: Promise<Error>
}

/** An installation of its own, on a free port, that no setting of the surroundings reaches. */
export type Apart = { readonly dataDirectory: string }

/** What the commands need of the floors above them and beside them. Every failure to open is a `NotOpened`. */
export type Tools = {
  /** @throws NotOpened when a setting is wrong */
  installation(): Promise<Installation>
  /** Opens the platform, beside a running server or without one. @throws NotOpened */
  open(): Promise<OpenPlatform>
  /** Starts everything. @throws NotOpened, also when another server runs or the port is taken */
  serve(apart?: Apart): Promise<RunningServer>
  /** The names of the APIs that the platform speaks. */
  facades(): Promise<readonly string[]>
  /** The OpenAPI document of a facade; undefined for a name that is none. @throws NotOpened */
  describe(facade: string): Promise<unknown>
  /** The files that the repository carries. */
  readonly samples: { readonly contract: string }
  /** The folder with the migrations of the schema. */
  readonly migrations: string
  readonly version: string
  /** True where the operator asked for every detail: then errors come with their stack. */
  isDebugging(): Promise<boolean>
}
