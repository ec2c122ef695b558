import { SECOND_MS } from '../../std/time.ts'

/** How far our own clock, or that of whoever issues certificates, may be from that of an authority. */
export const CLOCK_TOLERANCE_MS = 60 * SECOND_MS
