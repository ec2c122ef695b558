import { stdnum } from 'stdnum'
import { describe, expect, test } from 'vitest'
import { knownEntries, sandboxRegistry } from './index.ts'

const registry = sandboxRegistry()
const lookUp = (nationalId: string, country = 'GT') => registry.lookUp({ country, nationalId })
const isNit = (text: string) => stdnum['GT']?.['nit']?.validate(text).isValid

describe('the documented numbers', () => {
  test('one is unknown', async () => {
    expect(await lookUp('4040404030101')).toBeUndefined()
  })

  test('one meets an outage', async () => {
    await expect(lookUp('5030303090101')).rejects.toMatchObject({ code: 'platform.unavailable' })
  })

  test.each(knownEntries)('$nationalId is a well-formed DPI, named once', ({ nationalId }) => {
    expect(stdnum['GT']?.['cui']?.validate(nationalId).isValid).toBe(true)
    expect(knownEntries.filter((entry) => entry.nationalId === nationalId)).toHaveLength(1)
  })

  test('the published sample is answered word for word', async () => {
    expect(await lookUp('1234567890101')).toEqual({
      givenName: 'Juan José',
      surname: 'Pérez López',
      dateOfBirth: '1990-05-15',
      taxId: '1234567-8',
    })
  })

  test('every NIT but that of the published sample has a good check digit', () => {
    const wrong = knownEntries.flatMap(({ answer }) => {
      const taxId = typeof answer === 'string' ? null : answer.taxId
      return taxId === null || isNit(taxId) ? [] : [taxId]
    })
    expect(wrong).toEqual(['1234567-8'])
  })

  test('mean nothing in another country', async () => {
    expect(await lookUp('4040404030101', 'MX')).toBeDefined()
  })
})

describe('every other number', () => {
  const numbers = Array.from({ length: 2000 }, (_, i) => String(3_000_000_000_101 + i * 9973))

  test('has a person, who stays the same', async () => {
    const first = await Promise.all(numbers.map((id) => lookUp(id)))
    const again = await Promise.all(numbers.map((id) => sandboxRegistry().lookUp({ country: 'GT', nationalId: id })))
    expect(again).toEqual(first)
    expect(new Set(first.map((entry) => JSON.stringify(entry))).size).toBe(numbers.length)
  })

  test('is the same person on every machine', async () => {
    expect(await lookUp('3000000000101')).toMatchInlineSnapshot(`
      {
        "dateOfBirth": "1976-05-04",
        "givenName": "Álvaro",
        "surname": "González Tzoc",
        "taxId": "4379575-7",
      }
    `)
  })

  test('has names, an adult birth date that exists, and a good NIT or none', async () => {
    const entries = await Promise.all(numbers.map((id) => lookUp(id)))
    for (const entry of entries) {
      expect(entry?.givenName).toMatch(/^\p{Lu}\p{Ll}+$/u)
      expect(entry?.surname).toMatch(/^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u)
      const birth = new Date(`${entry?.dateOfBirth}T00:00:00Z`)
      expect(birth.toISOString().slice(0, 10)).toBe(entry?.dateOfBirth)
      expect(birth.getUTCFullYear()).toBeLessThan(2000)
      if (entry?.taxId !== null) expect(isNit(entry?.taxId ?? '')).toBe(true)
    }
  })

  test('has no NIT one time in five', async () => {
    const entries = await Promise.all(numbers.map((id) => lookUp(id)))
    const share = entries.filter((entry) => entry?.taxId === null).length / numbers.length
    expect(share).toBeGreaterThan(0.17)
    expect(share).toBeLessThan(0.23)
  })
})
