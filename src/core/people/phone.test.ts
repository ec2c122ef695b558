import { describe, expect, test } from 'vitest'
import { maskPhone, normalisePhone } from './phone.ts'

const refusedAs = (code: string) => expect.objectContaining({ code })

describe('a number is refused', () => {
  test.each([
    ['that is empty', ''],
    ['without a country code', '50001234'],
    ['that begins with 00', '0050250001234'],
    ['of letters', '+502 CALL NOW'],
    ['in full-width digits', '+５０２５０００１２３４'],
    ['with an extension', '+50250001234;ext=5'],
    ['with a header behind it', '+50250001234\r\nX: y\r\n1'],
    ['that is too short', '+5025000123'],
    ['that is too long', '+502500012345678901'],
    ['of a country that does not exist', '+999123456789'],
    ['that its country does not assign', '+50219999999'],
    ['of a megabyte', `+${'5'.repeat(1_000_000)}`],
  ])('%s', (_, text) => {
    expect(() => normalisePhone(text, 'sandbox')).toThrow(refusedAs('person.phone_invalid'))
  })

  test.each([
    ['premium', '+19005551234'],
    ['toll free', '+18004444444'],
    ['Inmarsat', '+870776123456'],
    ['Iridium', '+88216512345'],
    ['Iridium, mobile', '+881612345678'],
    ['shared cost', '+448432345678'],
    ['premium in Guatemala', '+50219001234567'.slice(0, 15)],
  ])('of a range that may cost: %s', (_, text) => {
    expect(() => normalisePhone(text, 'live')).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^person\.phone_(?:not_allowed|invalid)$/) }),
    )
  })

  test('of a published example, by a live tenant', () => {
    expect(() => normalisePhone('+50212345678', 'live')).toThrow(refusedAs('person.phone_invalid'))
  })
})

describe('a number is brought to E.164', () => {
  test.each([
    ['+50250001234', '+50250001234'],
    ['+502 5000-1234', '+50250001234'],
    ['+502 (5000) 1234', '+50250001234'],
    ['+52 1 55 1234 5678', '+525512345678'],
    ['+525512345678', '+525512345678'],
    ['+44 7400 123456', '+447400123456'],
  ])('%j becomes %j', (text, normal) => {
    expect(normalisePhone(text, 'live')).toBe(normal)
    expect(normalisePhone(normalisePhone(text, 'live'), 'live')).toBe(normal)
  })

  test('and a published example is good in a sandbox', () => {
    expect(normalisePhone('+502 1234 5678', 'sandbox')).toBe('+50212345678')
  })
})

test('a masked number shows its country and two digits', () => {
  expect(maskPhone(normalisePhone('+50250001234', 'live'))).toBe('+502••••••34')
})
