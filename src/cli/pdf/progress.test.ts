import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { watched } from './progress.ts'

const STEP = 4 << 20

/** Reads 400 MB in stretches, each of which takes so many milliseconds; gives what was told. */
function toldWhileReading(stretchMs: number, { isTerminal = false, always = false, size = 400_000_000 } = {}): string {
  const errors = Object.assign(new PassThrough(), { isTTY: isTerminal })
  let now = 0
  const stretch = Buffer.alloc(STEP)
  const document = { size, read: (offset: number) => stretch.subarray(0, Math.min(STEP, size - offset)) }
  const { source, end } = watched(document, { errors, always, clock: () => now })
  for (let at = 0; at < size; at += STEP) {
    source.read(at, STEP)
    now += stretchMs
  }
  end()
  return String(errors.read() ?? '')
}

test('nothing is told where nobody looks, or of a small file', () => {
  expect(toldWhileReading(50)).toBe('')
  expect(toldWhileReading(50, { isTerminal: true, size: 100_000_000 })).toBe('')
})

test('a terminal gets one line that changes at most five times a second, and is taken away', () => {
  const told = toldWhileReading(50, { isTerminal: true })
  expect(told.split('\r')).toHaveLength(26)
  expect(told).not.toContain('\n')
  expect(told.startsWith('\rreading: 4 of 400 MB \rreading: 21 of 400 MB \r')).toBe(true)
  expect(told.endsWith('\r\u001b[K')).toBe(true)
})

test('who asks for it gets lines where there is no terminal', () => {
  expect(toldWhileReading(100, { always: true }).split('\n').slice(0, 2)).toEqual([
    'reading: 4 of 400 MB',
    'reading: 13 of 400 MB',
  ])
})
