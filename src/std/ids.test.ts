import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isUlid, isUuid, ulid, uuidFrom } from './ids.ts'

/** The last moment that 48 bits can tell, in the year 10889. */
const LAST = 2 ** 48 - 1

test('a ULID is of 26 characters of its alphabet', () => {
  fc.assert(
    fc.property(
      fc.maxSafeNat().map((n) => n % (LAST + 1)),
      (at) => {
        expect(isUlid(ulid(at, randomBytes))).toBe(true)
      },
    ),
  )
})

test('ULIDs sort by their time', () => {
  const moment = fc.integer({ min: 0, max: LAST })
  fc.assert(
    fc.property(moment, moment, (a, b) => {
      fc.pre(a < b)
      expect(ulid(a, () => Buffer.alloc(10, 255)) < ulid(b, () => Buffer.alloc(10))).toBe(true)
    }),
  )
})

test.each([
  [0, 0, '00000000000000000000000000'],
  [LAST, 255, '7ZZZZZZZZZZZZZZZZZZZZZZZZZ'],
  // The time of the example in the specification of ULID.
  [1469918176385, 0, '01ARYZ6S410000000000000000'],
])('the ULID of %i with bytes of %i is %s', (at, byte, id) => {
  expect(ulid(at, () => Buffer.alloc(10, byte))).toBe(id)
})

test('every bit of chance reaches the ULID', () => {
  const seen = new Set<string>()
  for (let bit = 0; bit < 80; bit++) {
    seen.add(
      ulid(0, () => {
        const bytes = Buffer.alloc(10)
        bytes[bit >> 3] = 1 << (bit & 7)
        return bytes
      }),
    )
  }
  expect(seen.size).toBe(80)
})

describe('a text is no ULID', () => {
  test.each([
    '',
    '01ARYZ6S41000000000000000',
    '01ARYZ6S4100000000000000000',
    '81ARYZ6S410000000000000000',
    '01aryz6s410000000000000000',
    '01ARYZ6S41000000000000000I',
    '01ARYZ6S410000000000000000\n',
  ])('%j', (text) => {
    expect(isUlid(text)).toBe(false)
  })
})

test('a UUID of bytes has version 8 and the variant of RFC 9562, and keeps the other 122 bits', () => {
  expect(uuidFrom(Buffer.alloc(16))).toBe('00000000-0000-8000-8000-000000000000')
  expect(uuidFrom(Buffer.alloc(32, 255))).toBe('ffffffff-ffff-8fff-bfff-ffffffffffff')
  expect(() => uuidFrom(Buffer.alloc(15))).toThrow(RangeError)
})

test('making a UUID leaves the bytes as they were', () => {
  const bytes = Buffer.alloc(16, 255)
  uuidFrom(bytes)
  expect(bytes).toEqual(Buffer.alloc(16, 255))
})

test.each([
  ['00000000-0000-8000-8000-000000000000', true],
  ['0000AAAA-0000-4000-8000-000000000000', true],
  ['', false],
  ['00000000000080008000000000000000', false],
  ['{00000000-0000-8000-8000-000000000000}', false],
  ['00000000-0000-8000-8000-000000000000\n', false],
  ['0000000g-0000-8000-8000-000000000000', false],
])('%j is a UUID: %s', (text, is) => {
  expect(isUuid(text)).toBe(is)
})
