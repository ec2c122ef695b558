import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openVault, openWith, SealBroken, sealWith } from './vault.ts'

const vault = openVault(Buffer.alloc(32, 1))
const plain = Buffer.from('Ana Ruiz')
const sealed = vault.seal('people.email/1', plain)

describe('sealed bytes do not open', () => {
  test.each([
    ['at another place', () => vault.open('people.email/2', sealed)],
    ['at no place', () => vault.open('', sealed)],
    ['under another master key', () => openVault(Buffer.alloc(32, 2)).open('people.email/1', sealed)],
    ['when they are none', () => vault.open('people.email/1', Buffer.alloc(0))],
    ['when a byte is added', () => vault.open('people.email/1', Buffer.concat([sealed, Buffer.alloc(1)]))],
    ['when they lost their key id', () => vault.open('people.email/1', sealed.subarray(4))],
  ])('%s', (_, open) => {
    expect(open).toThrow(SealBroken)
  })

  test('when any byte is changed', () => {
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => vault.open('people.email/1', changed), `byte ${at}`).toThrow(SealBroken)
    }
  })

  test('when they are cut, wherever', () => {
    for (let length = 0; length < sealed.length; length++)
      expect(() => vault.open('people.email/1', sealed.subarray(0, length)), `${length} bytes`).toThrow(SealBroken)
  })

  test('and the refusal tells nothing of what was sealed', () => {
    expect(() => vault.open('people.email/2', sealed)).toThrow(/^(?!.*(?:Ana|people)).*$/s)
  })
})

test.each([0, 31, 33, 64])('a master key of %i bytes is refused', (length) => {
  expect(() => openVault(Buffer.alloc(length))).toThrow(RangeError)
})

test('what is sealed opens at its place, and never looks the same twice', () => {
  fc.assert(
    fc.property(fc.string(), fc.uint8Array(), (place, bytes) => {
      const once = vault.seal(place, bytes)
      expect(vault.open(place, once)).toEqual(Buffer.from(bytes))
      expect(vault.seal(place, bytes)).not.toEqual(once)
    }),
  )
})

test('a key of a person seals the same way', () => {
  const key = Buffer.alloc(32, 3)
  const own = sealWith(key, 'place', plain)
  expect(openWith(key, 'place', own)).toEqual(plain)
  expect(() => openWith(Buffer.alloc(32, 4), 'place', own)).toThrow(SealBroken)
})

describe('a keyed hash', () => {
  const all = [
    vault.mac('a', 'bc'),
    vault.mac('a', 'b', 'c'),
    vault.mac('a', '', 'bc'),
    vault.mac('a', 'bc', ''),
    vault.mac('a'),
    vault.mac('a', ''),
    vault.mac('b', 'bc'),
    vault.mac('ab', 'c'),
    openVault(Buffer.alloc(32, 2)).mac('a', 'bc'),
    // What the framing looks like, given as content.
    vault.mac('a', 'b\0\0\0\u0001c'),
  ]

  test('tells its parts, their borders, its purpose and its key apart', () => {
    expect(new Set(all.map((mac) => mac.toString('hex'))).size).toBe(all.length)
  })

  test('is the same for text and its bytes, today and tomorrow', () => {
    expect(vault.mac('a', 'ñ')).toEqual(vault.mac('a', Buffer.from('ñ')))
    expect(openVault(Buffer.alloc(32, 1)).mac('a', 'bc')).toEqual(vault.mac('a', 'bc'))
    expect(all[0]).toHaveLength(32)
  })
})
