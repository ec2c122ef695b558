import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonicalText } from '../canonical.ts'
import { latin1 } from '../values.ts'
import { mapStrings } from './map-strings.ts'

const reversed = (text: Uint8Array) => Uint8Array.from(text).reverse()
const mapped = (value: string) => latin1(mapStrings(Buffer.from(value, 'latin1'), reversed))

describe('strings are found', () => {
  test.each([
    ['(abc)', '<636261>'],
    ['<616263>', '<636261>'],
    [
      '<< /A (ab) /B [ (cd) [<6566>] 1 0 R /N ] /C << /D (gh) >> >>',
      '<< /A <6261> /B [ <6463> [<6665>] 1 0 R /N ] /C << /D <6867> >> >>',
    ],
    ['<</A 1/B(x)%(comment)\n/C(ab)>>', '<</A 1/B<78>%(comment)\n/C<6261>>>'],
    ['<</A()/B(\\)\\n(()))>>', '<</A<>/B<292928280a29>>>'],
    ['<</A true/B null/C -1.5/D 3 0 R/E(ab)>>', '<</A true/B null/C -1.5/D 3 0 R/E<6261>>>'],
    ['<</Contents(ab)>>', '<</Contents<6261>>>'],
    ['<</ByteRange[0 1]/Kids[<</Contents(ab)>>]>>', '<</ByteRange[0 1]/Kids[<</Contents<6261>>>]>>'],
  ])('%s', (value, expected) => {
    expect(mapped(value)).toBe(expected)
  })
})

describe('a signature stays as it is', () => {
  test.each([
    ['<</Contents<616263>/ByteRange[0 1 2 3]/M(ab)>>', '<</Contents<616263>/ByteRange[0 1 2 3]/M<6261>>>'],
    ['<</M(ab)/ByteRange [0 1 2 3]/C#6fntents <616263>>>', '<</M<6261>/ByteRange [0 1 2 3]/C#6fntents <616263>>>'],
    ['[<</Contents<616263>/ByteRange 4 0 R>>(ab)]', '[<</Contents<616263>/ByteRange 4 0 R>><6261>]'],
  ])('%s', (value, expected) => {
    expect(mapped(value)).toBe(expected)
  })
})

test('a value without strings is the same slice', () => {
  for (const value of ['<</A 1/B[/C 2 0 R]>>', '12', '/Name', 'null', '[]', '<<>>']) {
    const bytes = Buffer.from(value)
    expect(mapStrings(bytes, reversed)).toBe(bytes)
  }
})

test('arrays in arrays cost no more than their length', () => {
  const deep = Buffer.from(`${'['.repeat(60)}${'(ab)'.repeat(200_000)}${']'.repeat(60)}`)
  const startMs = performance.now()
  expect(mapStrings(deep, reversed)).toHaveLength(120 + 200_000 * 6)
  expect(performance.now() - startMs).toBeLessThan(5000)
})

test('what is changed twice is what it was', () => {
  const scalar = fc.oneof(
    fc.integer().map(String),
    fc.constantFrom('/Name', '/C#6f', 'true', 'null', '3 0 R'),
    fc.string({ unit: 'grapheme-ascii' }).map((text) => `(${text.replace(/[\\()]/g, '\\$&')})`),
    fc.uint8Array().map((bytes) => `<${Buffer.from(bytes).toString('hex')}>`),
  )
  const { value } = fc.letrec<{ value: string }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      scalar,
      fc.array(tie('value')).map((items) => `[${items.join(' ')}]`),
      fc.array(tie('value')).map((items) => `<<${items.map((item, i) => `/K${i} ${item}`).join('\n')}>>`),
    ),
  }))
  fc.assert(
    fc.property(value, (text) => {
      const bytes = Buffer.from(text, 'latin1')
      expect(canonicalText(mapStrings(mapStrings(bytes, reversed), reversed))).toBe(canonicalText(bytes))
    }),
    { numRuns: 300 },
  )
})
