import { describe, expect, test } from 'vitest'
import { movableClock } from '../../../test/support/sample-facade.ts'
import { addressKey, openBuckets } from './rate-limit.ts'

describe('a bucket', () => {
  test('refuses beyond its burst and says how long to wait', () => {
    const clock = movableClock()
    const buckets = openBuckets({ perSecond: 2, burst: 3 }, clock)
    expect([1, 2, 3, 4].map(() => buckets.take('a'))).toEqual([0, 0, 0, 0.5])
    expect(buckets.wait('a')).toBe(0.5)
    expect(buckets.take('b')).toBe(0)
    clock.move(500)
    expect(buckets.wait('a')).toBe(0)
    expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 0.5])
  })

  test('is never fuller than its burst', () => {
    const clock = movableClock()
    const buckets = openBuckets({ perSecond: 10, burst: 1 }, clock)
    buckets.take('a')
    clock.move(3_600_000)
    expect([buckets.take('a'), buckets.take('a')]).toEqual([0, 0.1])
  })

  test('is forgotten when too many others are used after it', () => {
    const buckets = openBuckets({ perSecond: 1, burst: 1 }, movableClock(), 2)
    buckets.take('old')
    buckets.take('busy')
    buckets.take('old')
    buckets.take('new')
    expect(buckets.wait('old')).toBe(1)
    expect(buckets.wait('busy')).toBe(0)
  })
})

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('%s counts as %s', (address, key) => {
  expect(addressKey(address)).toBe(key)
})
