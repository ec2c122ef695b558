import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseBer } from './ber-normaliser.ts'
import { children, type Der, readDer } from './der-reader.ts'
import { bitStringBytes, booleanValue, integerBytes, namedBitNumbers, smallInteger } from './der-values.ts'
import { namedBits, octetString, oid, printableString, sequence, setOf, tlv, unsigned } from './der-writer.ts'
import { oidText } from './object-identifier.ts'
import { PkiError } from './pki-error.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

describe('refused as DER', () => {
  test.each([
    ['nothing', ''],
    ['a tag alone', '30'],
    ['a value that is cut off', '0403 0102'],
    ['bytes after the value', '0500 00'],
    ['an indefinite length', '3080 0500 0000'],
    ['a long form where the short one does', '0481 01 00'],
    ['a length with a leading zero', `0482 0080 ${'00'.repeat(128)}`],
    ['a length of five bytes', '0485 0000000001 00'],
    ['a tag number above 30', '1f8100 00'],
  ])('%s', (_, bytes) => {
    expect(() => readDer(hex(bytes))).toThrow(PkiError)
  })

  test.each([
    ['an INTEGER with a needless zero', () => integerBytes(readDer(hex('0202 0001')))],
    ['an INTEGER with needless ones', () => integerBytes(readDer(hex('0202 ff80')))],
    ['an empty INTEGER', () => integerBytes(readDer(hex('0200')))],
    ['a negative number where a count must be', () => smallInteger(readDer(hex('0201 ff')))],
    ['a BOOLEAN other than 00 and FF', () => booleanValue(readDer(hex('0101 01')))],
    ['an OID that is cut off', () => oidText(readDer(hex('0602 2a86')))],
    ['an OID with a needless byte', () => oidText(readDer(hex('0603 2a8001')))],
    ['an OID that starts with a needless byte', () => oidText(readDer(hex('0603 80 2a03')))],
    ['an OID of nothing', () => oidText(readDer(hex('0600')))],
    ['an OID with an arc of 140 bits', () => oidText(readDer(hex(`0615 2a ${'ff'.repeat(19)} 7f`)))],
    ['a BIT STRING without its first byte', () => bitStringBytes(readDer(hex('0300')))],
    ['a BIT STRING that ends within a byte', () => bitStringBytes(readDer(hex('0302 0180')))],
    ['a bit list with eight unused bits', () => namedBitNumbers(readDer(hex('0302 0880')))],
    ['a bit list with 255 unused bits', () => namedBitNumbers(readDer(hex('0302 ff80')))],
    ['a bit list of nothing with unused bits', () => namedBitNumbers(readDer(hex('0301 07')))],
    ['a bit list without its first byte', () => namedBitNumbers(readDer(hex('0300')))],
    ['a bit list with trailing zeros', () => namedBitNumbers(readDer(hex('0302 0480')))],
    ['a PrintableString with an @', () => printableString('a@b')],
    ['children of something primitive', () => children(readDer(hex('0500')))],
  ])('%s', (_, read) => {
    expect(read).toThrow(PkiError)
  })
})

test('numbers, identifiers and bit lists come back as they went in', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 47 - 1 }), (n) => {
      expect(smallInteger(readDer(unsigned(n)))).toBe(n)
    }),
  )
  const arcs = fc.tuple(
    fc.integer({ min: 0, max: 2 }),
    fc.integer({ min: 0, max: 39 }),
    fc.array(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), { maxLength: 8 }),
  )
  fc.assert(
    fc.property(arcs, ([first, second, rest]) => {
      const dotted = [first, second, ...rest].join('.')
      expect(oidText(readDer(oid(dotted)))).toBe(dotted)
    }),
  )
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 20 })), (bits) => {
      expect(namedBitNumbers(readDer(namedBits(bits)))).toEqual(bits.toSorted((a, b) => a - b))
    }),
  )
})

test('lengths are in their shortest form at every border', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536, 70_000])
    expect(readDer(octetString(Buffer.alloc(length))).content.length).toBe(length)
})

test('the elements of a set are sorted by their encodings', () => {
  expect(setOf(hex('0402 0101'), hex('0401 02'), hex('0201 05'))).toEqual(hex('310a 0201 05 0401 02 0402 0101'))
})

function walk(node: Der): number {
  return node.tag & 0x20 ? children(node).reduce((sum, child) => sum + walk(child), 1) : 1
}

test('whatever the bytes are, reading them gives a value or the error of this folder', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      for (const read of [() => walk(readDer(bytes)), () => normaliseBer(bytes)]) {
        try {
          read()
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError)
        }
      }
    }),
    { numRuns: 2000 },
  )
})

describe('BER', () => {
  test('DER passes unchanged, and the padding behind it is not taken', () => {
    const der = sequence(unsigned(1), tlv(0xa0, octetString(Buffer.from('x'))))
    expect(normaliseBer(Buffer.concat([der, Buffer.alloc(5)]))).toEqual({ der, length: der.length, wasDer: true })
  })

  test('indefinite lengths, long forms and strings in pieces become DER', () => {
    const read = normaliseBer(hex('3080 2480 0401 61 0402 6263 0000 0281 01 05 0000 ffff'))
    expect(read).toEqual({ der: hex('3008 0403 616263 0201 05'), length: 19, wasDer: false })
  })

  test('what is DER already is not copied, and neither is it inside of something else', () => {
    const large = sequence(...Array.from({ length: 20_000 }, (_, i) => sequence(unsigned(i), octetString(hex('00')))))
    expect(normaliseBer(large).der.buffer).toBe(large.buffer)
    const read = normaliseBer(Buffer.concat([hex('3080'), large, hex('0000')]))
    expect(read).toEqual({ der: sequence(large), length: large.length + 4, wasDer: false })
  })

  test('lengths without an end inside of lengths with one become DER', () => {
    expect(normaliseBer(hex('300b 3080 2480 0401 61 0000 0000')).der).toEqual(hex('3005 3003 0401 61'))
  })

  test.each([
    ['nested too deeply', `${'3080'.repeat(100)}${'0000'.repeat(100)}`],
    ['without its end', '3080 0500'],
    ['with half of its end', '3080 0500 00'],
    ['primitive and without a length', '0480 6162 0000'],
    ['longer than what it lies in', '3004 3080 0500 0000'],
    ['in pieces of another type', '2480 0201 05 0000'],
    ['a text in pieces', '2c80 0c01 61 0000'],
    ['a piece that is cut off', '2404 0403 6162'],
  ])('%s is refused', (_, bytes) => {
    expect(() => normaliseBer(hex(bytes))).toThrow(PkiError)
  })

  test('so many values that they would fill the memory are refused', () => {
    const many = tlv(0x30, Buffer.alloc(2_000_002, '\x05\x00', 'latin1'))
    expect(() => normaliseBer(many)).toThrow(/too large/)
    expect(() => children(readDer(many))).toThrow(/too many parts/)
  })
})
