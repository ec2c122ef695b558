/** The baseline levels of EN 319 142-1, lowest first. */
export const levels = ['B-B', 'B-T', 'B-LT', 'B-LTA'] as const

/**
 * - `B-B`: the signature
 * - `B-T`: with a proof of when it existed
 * - `B-LT`: with all certificates and revocation data that validating it takes
 * - `B-LTA`: with a document time-stamp over all of that
 */
export type Level = (typeof levels)[number]

/** True when `level` is `least` or above. */
export function reaches(level: Level, least: Level): boolean {
  return levels.indexOf(level) >= levels.indexOf(least)
}
