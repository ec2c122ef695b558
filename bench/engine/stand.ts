import type { Pace } from '../measure.ts'
import type { World } from './world.ts'

/** What all tables are made with. */
export type Stand = {
  readonly world: World
  /** Where compiled code is kept between the processes, so that none weighs what the compiler does. */
  readonly codeCache: string
  readonly pace: Pace
}
