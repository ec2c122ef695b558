import type { World } from './world.ts'

/** What all tables are made with. */
export type Stand = {
  readonly world: World
  /** Where compiled code is kept between the processes. */
  readonly codeCache: string
  readonly pace: { readonly rounds: number; readonly roundMs: number }
}
