import { performance } from 'node:perf_hooks'

/** Tells the time. Everything in the core asks this, never the global clock. */
export type Clock = {
  /** The present moment. Never earlier than a moment it has told before. */
  now(): Date
}

export const SECOND_MS = 1000
export const MINUTE_MS = 60 * SECOND_MS
export const HOUR_MS = 60 * MINUTE_MS
export const DAY_MS = 24 * HOUR_MS

/** A moment `ms` milliseconds after `date`. */
export function later(date: Date, ms: number): Date {
  return new Date(date.getTime() + ms)
}

/**
 * The system's time, followed by the monotonic clock, so that turning the wall clock back does not give
 * an expired code a second life. `floor` is the latest moment known from before a restart.
 *
 * A wall clock that runs ahead is followed; one that was set back is waited for.
 */
export function systemClock(floor: Date = new Date(0)): Clock {
  let last = Math.max(floor.getTime(), Date.now())
  let lastTick = performance.now()
  return {
    now() {
      const tick = performance.now()
      last = Math.max(last + (tick - lastTick), Date.now())
      lastTick = tick
      return new Date(last)
    },
  }
}
