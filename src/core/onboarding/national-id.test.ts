import { describe, expect, test } from 'vitest'
import { readDpi } from './national-id.ts'

describe('a DPI is refused', () => {
  test.each([
    ['that is empty', ''],
    ['of 12 digits', '253256496010'],
    ['of 14 digits', '25325649601011'],
    ['with a wrong check digit', '2532564950101'],
    ['with two digits exchanged', '5232564960101'],
    ['of a department that does not exist', '2532564962301'],
    ['of department 0', '2532564960001'],
    ['of municipality 0', '2532564960100'],
    ['of a municipality that does not exist', '2532564960118'],
    ['with letters', '253256496O101'],
    ['in full-width digits', '２５３２５６４９６０１０１'],
    ['with a line of SQL', "2532564960101' or '1'='1"],
    ['with other punctuation', '2532.56496.0101'],
    ['of a megabyte', '2'.repeat(1_000_000)],
  ])('%s', (_, text) => {
    expect(() => readDpi(text)).toThrow(expect.objectContaining({ code: 'onboarding.national_id_invalid' }))
  })
})

test.each(['2532564960101', '2532 56496 0101', '2532-56496-0101', ' 2532564960101 ', '1234567890101'])(
  '%j is a DPI, however it is written',
  (text) => {
    expect(readDpi(text)).toBe(text.replace(/\D/g, ''))
  },
)
