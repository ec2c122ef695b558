import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test, vi } from 'vitest'
import { HOUR_MS, later, systemClock } from './time.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

function wallClock(): { set(ms: number): void } {
  let now = Date.now()
  vi.spyOn(Date, 'now').mockImplementation(() => now)
  return {
    set(ms) {
      now = ms
    },
  }
}

test('the clock goes on when the wall clock is set back', async () => {
  const wall = wallClock()
  const start = Date.now()
  const clock = systemClock()
  wall.set(start - HOUR_MS)
  const first = clock.now().getTime()
  await sleep(20)
  const second = clock.now().getTime()
  expect(first).toBeGreaterThanOrEqual(start)
  expect(second - first).toBeGreaterThanOrEqual(15)
  expect(second - first).toBeLessThan(5000)
})

test('the clock follows a wall clock that was set ahead', () => {
  const wall = wallClock()
  const clock = systemClock()
  const ahead = Date.now() + HOUR_MS
  wall.set(ahead)
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(ahead)
})

test('the clock begins no earlier than the newest moment known from before a restart', () => {
  const floor = later(new Date(), HOUR_MS)
  const clock = systemClock(floor)
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(floor.getTime())
})

test('the clock never tells an earlier moment than before', () => {
  const wall = wallClock()
  const start = Date.now()
  const clock = systemClock()
  let last = 0
  for (const jump of [0, 5, -500, 30, -HOUR_MS, HOUR_MS, 0, -1, 1]) {
    wall.set(start + jump)
    const now = clock.now().getTime()
    expect(now).toBeGreaterThanOrEqual(last)
    last = now
  }
})
