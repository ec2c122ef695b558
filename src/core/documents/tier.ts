import { MINUTE_MS } from '../../std/time.ts'

const MB = 1024 * 1024

/** How large a file may be and how long its upload form lives: larger files get longer. */
export const TIERS = {
  'tier-1': { maxBytes: 20 * MB, lifetimeMs: 7 * MINUTE_MS },
  'tier-2': { maxBytes: 40 * MB, lifetimeMs: 14 * MINUTE_MS },
  'tier-3': { maxBytes: 80 * MB, lifetimeMs: 28 * MINUTE_MS },
  'tier-4': { maxBytes: 100 * MB, lifetimeMs: 35 * MINUTE_MS },
  'tier-5': { maxBytes: 120 * MB, lifetimeMs: 42 * MINUTE_MS },
} as const

export type Tier = keyof typeof TIERS
