import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Budget } from './budget.ts'
import { canonicalText } from './canonical.ts'
import { decodeStream } from './filters.ts'
import { skipValue } from './lexer.ts'
import { defaultLimits } from './limits.ts'
import { PdfError } from './pdf-error.ts'
import { readString } from './string-value.ts'
import { readDate, readText, writeDate, writeText } from './text-string.ts'
import { readArray, readDict, readName, readRef, writeDict, writeName } from './values.ts'

const bytes = (text: string) => Buffer.from(text, 'latin1')

test('whatever the bytes are, measuring a value gives a position or the error of this folder', () => {
  const token = fc.constantFrom(
    '<<',
    '>>',
    '[',
    ']',
    '(',
    ')',
    '<',
    '>',
    '/A',
    '1',
    ' 0 R',
    'true',
    '%',
    '\n',
    '\\',
    '-',
    '.5',
    'x',
  )
  fc.assert(
    fc.property(fc.array(token, { maxLength: 30 }), (tokens) => {
      const input = bytes(tokens.join(''))
      try {
        const end = skipValue(input, 0)
        expect(end).toBeGreaterThan(0)
        canonicalText(input.subarray(0, end))
      } catch (error) {
        expect(error).toBeInstanceOf(PdfError)
      }
    }),
    { numRuns: 5000 },
  )
})

test.each([
  ['(a)', 'a'],
  ['(a(b)c)', 'a(b)c'],
  ['(\\(\\)\\\\)', '()\\'],
  ['(\\n\\r\\t\\b\\f)', '\n\r\t\b\f'],
  ['(\\101\\7\\0501)', 'A\x07(1'],
  ['(a\\\nb\\\r\nc)', 'abc'],
  ['(a\r\nb\rc)', 'a\nb\nc'],
  ['(\\q)', 'q'],
  ['<41 4>', 'A@'],
])('the string %j reads %j', (raw, expected) => {
  expect(readString(bytes(raw))).toEqual(bytes(expected))
})

test('names, texts, dates and dictionaries come back as they went in', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.integer({ min: 1, max: 255 }).map((c) => String.fromCharCode(c)) }), (name) => {
      expect(readName(bytes(writeName(name)))).toBe(name)
      expect([...(readDict(writeDict(new Map([[name, bytes('[1 2]')]]))) ?? [])]).toEqual([[name, bytes('[1 2]')]])
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      fc.pre(!value.startsWith('\ufeff'))
      expect(readText(readString(bytes(writeText(value))) ?? new Uint8Array())).toBe(value)
    }),
  )
  const date = new Date('2026-11-20T10:11:12Z')
  expect(readDate(writeDate(date))).toEqual(date)
  expect(readDate("D:20261120111112+01'00'")).toEqual(date)
  expect(readDate('D:20261320')).toBeUndefined()
})

test('a reference is told from two numbers', () => {
  expect(readArray(bytes('[1 0 R 1 0 /R 3 0 Rx]'.replace('Rx', 'R')))?.map((item) => readRef(item)?.number)).toEqual([
    1,
    undefined,
    undefined,
    undefined,
    3,
  ])
})

test('two ways to write one value are the same, two values are not', () => {
  const same = canonicalText(bytes('<</A(b)/C[1 0 R 1.50]>>'))
  expect(canonicalText(bytes('<< /C [ 1  0 R 1.5 ] %x\n /A <62> /D null >>'))).toBe(same)
  expect(canonicalText(bytes('<</A/b/C[1 0 R 1.5]>>'))).not.toBe(same)
})

describe('filters', () => {
  const budget = () => new Budget({ ...defaultLimits, decodedBytes: 200 })
  const flate = (data: Buffer) => deflateSync(data)
  test.each<[string, Buffer, string]>([
    ['ASCIIHexDecode', bytes('61 62 7>'), 'abp'],
    ['ASCII85Decode', bytes('BOu!rDZ~>'), 'hello'],
    ['FlateDecode', flate(bytes('hello')), 'hello'],
  ])('%s is undone', (name, data, expected) => {
    expect(Buffer.from(decodeStream(data, [{ name }], budget()))).toEqual(bytes(expected))
  })

  test('each predictor of PNG, and that of TIFF, is undone', () => {
    const step = (predictor: number) => [
      { name: 'FlateDecode', predictor: { predictor, colors: 1, bitsPerComponent: 8, columns: 3 } },
    ]
    const rows = flate(Buffer.from([0, 1, 2, 3, 1, 1, 1, 1, 2, 1, 1, 1, 3, 1, 1, 1, 4, 1, 1, 1]))
    const expected = [1, 2, 3, 1, 2, 3, 2, 3, 4, 2, 3, 4, 3, 4, 5]
    expect([...decodeStream(rows, step(15), budget())]).toEqual(expected)
    expect([...decodeStream(flate(Buffer.from([1, 1, 1, 5, 1, 1])), step(2), budget())]).toEqual([1, 2, 3, 5, 6, 7])
  })

  test.each<[string, Buffer]>([
    ['ASCIIHexDecode', bytes('6x>')],
    ['ASCIIHexDecode', bytes('61')],
    ['ASCII85Decode', bytes('BOu!')],
    ['ASCII85Decode', bytes('uuuuu~>')],
    ['FlateDecode', bytes('no')],
    ['FlateDecode', flate(Buffer.alloc(1000))],
    ['LZWDecode', bytes('')],
  ])('%s refuses what it cannot undo within bounds', (name, data) => {
    expect(() => decodeStream(data, [{ name }], budget())).toThrow(PdfError)
  })
})
