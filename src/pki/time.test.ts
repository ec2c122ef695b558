import { describe, expect, test } from 'vitest'
import { readDer } from './der-reader.ts'
import { TAG, tlv } from './der-writer.ts'
import { PkiError } from './pki-error.ts'
import { preciseTime, readPreciseTime, readTime, time } from './time.ts'

const utc = (text: string) => readDer(tlv(TAG.utcTime, Buffer.from(text)))
const generalized = (text: string) => readDer(tlv(TAG.generalizedTime, Buffer.from(text)))

describe('a time of a certificate is refused', () => {
  test.each([
    ['without seconds', utc('2611201200Z')],
    ['with an offset', utc('261120120000+0000')],
    ['in month 13', utc('261320120000Z')],
    ['in month 0', utc('260020120000Z')],
    ['on day 0', utc('261100120000Z')],
    ['on the 29th of February of a common year', utc('270229120000Z')],
    ['at hour 24', utc('261120240000Z')],
    ['in minute 60', utc('261120126000Z')],
    ['in a leap second', utc('261231235960Z')],
    ['before 2050 as GeneralizedTime', generalized('20491231235959Z')],
    ['in the year 50 of our era', generalized('00500101000000Z')],
    ['with a fraction', generalized('20510101000000.5Z')],
    ['as text', readDer(tlv(TAG.utf8String, Buffer.from('261120120000Z')))],
  ])('%s', (_, node) => {
    expect(() => readTime(node)).toThrow(PkiError)
  })
})

test.each([
  ['1950-01-01T00:00:00Z', TAG.utcTime, '500101000000Z'],
  ['1999-12-31T23:59:59Z', TAG.utcTime, '991231235959Z'],
  ['2000-02-29T12:00:00Z', TAG.utcTime, '000229120000Z'],
  ['2049-12-31T23:59:59Z', TAG.utcTime, '491231235959Z'],
  ['2050-01-01T00:00:00Z', TAG.generalizedTime, '20500101000000Z'],
  ['9999-12-31T23:59:59Z', TAG.generalizedTime, '99991231235959Z'],
])('%s is written and read as RFC 5280 4.1.2.5 says', (iso, tag, text) => {
  const encoded = time(new Date(iso))
  expect([encoded[0], encoded.subarray(2).toString()]).toEqual([tag, text])
  expect(readTime(readDer(encoded))).toEqual(new Date(iso))
})

test.each([
  ['2026-11-20T12:00:00.000Z', '20261120120000Z'],
  ['2026-11-20T12:00:00.500Z', '20261120120000.5Z'],
  ['2026-11-20T12:00:00.120Z', '20261120120000.12Z'],
  ['2026-11-20T12:00:00.001Z', '20261120120000.001Z'],
  ['2049-12-31T23:59:59.999Z', '20491231235959.999Z'],
  ['2050-01-01T00:00:00.010Z', '20500101000000.01Z'],
])('%s is written and read to the millisecond', (iso, text) => {
  const encoded = preciseTime(new Date(iso))
  expect(encoded.subarray(2).toString()).toBe(text)
  expect(readPreciseTime(readDer(encoded))).toEqual(new Date(iso))
})
