import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readDer } from './der-reader.ts'
import { oid, sequence, setOf, TAG, tlv } from './der-writer.ts'
import { buildName, type Name, type NameAttribute, nameText, OID, readName, sameName } from './index.ts'
import { isWithinSubtree, nameKey } from './name-match.ts'

const read = (attributes: readonly NameAttribute[]): Name => readName(readDer(buildName(attributes)))
/** Characters whose comparison is undefined (RFC 4518 2.4). */
const UNDEFINED = /[\p{Co}\p{Cs}\p{Cn}\ufffd]/u
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).filter((value) => !UNDEFINED.test(value))
const attribute = fc.record({ type: fc.constantFrom(OID.commonName, OID.organizationName), value: text })
const attributes = fc.array(attribute, { maxLength: 4 })

test('a name is the same as itself in small letters, decomposed, and with more white space', () => {
  fc.assert(
    fc.property(attributes, (list) => {
      const name = read(list)
      const changed = (change: (value: string) => string) =>
        read(list.map(({ type, value }) => ({ type, value: change(value) })))
      expect(
        sameName(
          name,
          changed((value) => value.normalize('NFD')),
        ),
      ).toBe(true)
      expect(
        sameName(
          name,
          changed((value) => `  ${value.replaceAll(' ', '\t ')} `),
        ),
      ).toBe(true)
    }),
  )
})

test('names are the same exactly when their keys are', () => {
  fc.assert(
    fc.property(attributes, attributes, (a, b) => {
      const [first, second] = [read(a), read(b)]
      expect(sameName(first, second)).toBe(nameKey(first) === nameKey(second))
    }),
  )
})

test('a name lies in the subtree of each of its beginnings and of no other name as long', () => {
  fc.assert(
    fc.property(attributes, attribute, (list, more) => {
      const [name, longer] = [read(list), read([...list, more])]
      expect(isWithinSubtree(longer, name)).toBe(true)
      expect(isWithinSubtree(name, longer)).toBe(false)
      expect(isWithinSubtree(name, name)).toBe(true)
    }),
  )
})

test('a value that is no text is shown in hex and is the same as its own bytes alone', () => {
  const [one, other] = [1, 2].map((bits) => {
    const attribute = sequence(oid('2.5.4.45'), tlv(TAG.bitString, Buffer.of(0, bits)))
    return readName(readDer(sequence(setOf(attribute))))
  })
  if (!one || !other) throw new RangeError('two names')
  expect(nameText(one)).toBe('2.5.4.45=#03020001')
  expect([sameName(one, one), sameName(one, other)]).toEqual([true, false])
})

test('a value cannot pretend to be two attributes', () => {
  const one = read([{ type: OID.commonName, value: `a\u0000${OID.organizationName}=b` }])
  const two = read([
    { type: OID.commonName, value: 'a' },
    { type: OID.organizationName, value: 'b' },
  ])
  expect(sameName(one, two)).toBe(false)
})
