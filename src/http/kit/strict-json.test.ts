import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { JsonRefused, MAX_DEPTH, parseStrictJson } from './strict-json.ts'

const read = (text: string) => parseStrictJson(Buffer.from(text, 'utf8'))
const faultOf = (bytes: Uint8Array) => {
  try {
    parseStrictJson(bytes)
  } catch (error) {
    if (error instanceof JsonRefused) return error.fault
    throw error
  }
  return 'taken'
}

/** Documents that are not JSON, by what is wrong with them. */
const MALFORMED: Readonly<Record<string, readonly string[]>> = {
  'nothing in it': ['', ' ', '\n\t\r '],
  'unclosed or unopened': [
    '{',
    '[',
    '}',
    ']',
    '{]',
    '[}',
    '[1',
    '[1,',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '[[]',
    '{"a":{}',
    '["',
    '["a',
    '][',
  ],
  commas: [
    '[,]',
    '[1,]',
    '[,1]',
    '[1,,2]',
    '{,}',
    '{"a":1,}',
    '{,"a":1}',
    '{"a":1,,"b":2}',
    '[1 2]',
    '{"a":1 "b":2}',
    ',',
    '1,',
  ],
  colons: ['{"a" 1}', '{"a"::1}', '{:1}', '{"a":}', '["a":1]', ':', '{"a","b"}', '{"a":1:2}'],
  'names that are no strings': ['{a:1}', "{'a':1}", '{1:1}', '{null:1}', '{[]:1}', '{{}:1}', '{"a":1,b:2}', '{true:1}'],
  words: [
    'nul',
    'nulll',
    'True',
    'TRUE',
    'NULL',
    'tru',
    'fals',
    'undefined',
    'NaN',
    'Infinity',
    '-Infinity',
    'truefalse',
    '[nul]',
    '[truth]',
    'n',
    'null1',
  ],
  numbers: [
    '01',
    '-01',
    '+1',
    '.5',
    '1.',
    '-',
    '--1',
    '1e',
    '1e+',
    '1.e1',
    '0x10',
    '1_000',
    '1.2.3',
    '-.5',
    '1e1.5',
    '0b1',
    '１',
    '1a',
    '[-]',
    '[1.]',
    '00',
    '-a',
    '1 e1',
    '1,5',
    '0e',
    '1E-',
  ],
  strings: [
    "'a'",
    '"a',
    'a"',
    '"\\',
    '"\\"',
    '"\\x41"',
    '"\\u"',
    '"\\u12"',
    '"\\u12G4"',
    '"\\U0041"',
    '"\n"',
    '"\t"',
    '"\u0000"',
    '"\u001f"',
    '"\\a"',
    '"\\\n"',
    '"a" "b"',
    '"\\u{41}"',
    '“a”',
    '"a\\"',
    '"\\0"',
    '`a`',
    '"\\u 041"',
  ],
  'comments and other languages': [
    '// a\n1',
    '/* a */1',
    '1 // a',
    '# a',
    '<a/>',
    '{"a":1}//',
    '[1]/**/',
    '(1)',
    'a',
    '{"a":1;}',
    '=1',
    'callback({})',
    '{"a":function(){}}',
    '$',
    '@',
    '{**}',
    '[*]',
  ],
  'blanks that are none of the four': [
    '\u00a01',
    '\u000c1',
    '\u000b1',
    '1\u2028',
    '[\u30001]',
    '\u00851',
    '1\u200b',
    '\u20601',
  ],
  'more than one': ['{}{}', '[][]', '1 2', '"a""b"', '{}x', 'null null', '[] {}', '1]', '{}}', '[1]]', '"a",'],
}

describe('what is not JSON is refused', () => {
  const documents = Object.entries(MALFORMED).flatMap(([kind, texts]) => texts.map((text) => [kind, text] as const))

  test('there are enough of them, and none is JSON', () => {
    expect(documents.length).toBeGreaterThan(140)
    for (const [, text] of documents) expect(() => JSON.parse(text), text).toThrow()
  })

  test.each(documents)('%s: %j', (_, text) => {
    expect(() => read(text)).toThrow(JsonRefused)
  })
})

describe('what JSON.parse takes and two readers might take differently is refused', () => {
  test.each([
    ['{"a":1,"a":1}', 'has the same member twice'],
    ['{"a":1,"\\u0061":2}', 'has the same member twice'],
    ['[{"x":{"":1,"":2}}]', 'has the same member twice'],
    ['{"__proto__":1}', 'has a member of a forbidden name'],
    ['{"__\\u0070roto__":{"a":1}}', 'has a member of a forbidden name'],
    ['{"constructor":{"prototype":{"a":1}}}', 'has a member of a forbidden name'],
    ['"\\ud800"', 'has a string with half a surrogate pair'],
    ['"\\udc00\\ud800"', 'has a string with half a surrogate pair'],
    ['{"\\ud83d":1}', 'has a string with half a surrogate pair'],
    ['"a\\u0000"', 'has the character U+0000'],
    ['{"\\u0000":1}', 'has the character U+0000'],
    ['9007199254740992', 'has a number that cannot be kept exactly'],
    ['-9007199254740993', 'has a number that cannot be kept exactly'],
    ['1e400', 'has a number that cannot be kept exactly'],
    ['[-1e999]', 'has a number that cannot be kept exactly'],
    ['1e16', 'has a number that cannot be kept exactly'],
    ['\ufeff{}', 'starts with a byte order mark'],
  ])('%s', (text, fault) => {
    expect(faultOf(Buffer.from(text, 'utf8'))).toBe(fault)
  })

  test.each([
    ['a lone continuation byte', [0x22, 0x80, 0x22]],
    ['an overlong slash', [0x22, 0xc0, 0xaf, 0x22]],
    ['a surrogate in three bytes', [0x22, 0xed, 0xa0, 0x80, 0x22]],
    ['a character beyond U+10FFFF', [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22]],
    ['a character cut short', [0x22, 0xe2, 0x82, 0x22]],
    ['Latin-1', [0x22, 0xe9, 0x22]],
    ['UTF-16 with its mark', [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00]],
  ])('%s is not UTF-8', (_, bytes) => {
    expect(faultOf(Uint8Array.from(bytes))).toBe('is not UTF-8')
  })

  test('UTF-16 without its mark is not JSON', () => {
    expect(faultOf(Buffer.from('{}', 'utf16le'))).toBe('is not JSON')
  })

  test('nesting has an end, and reaching it costs nothing', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    expect(read(nested(MAX_DEPTH))).toBeDefined()
    for (const text of [nested(MAX_DEPTH + 1), '['.repeat(100_000), '{"a":'.repeat(100_000)]) {
      expect(faultOf(Buffer.from(text))).toBe('is nested too deeply')
    }
  })
})

describe('what is taken means what JSON.parse says', () => {
  test.each([
    ...['{}', '[]', ' [ ] ', '0', '-0', '1.5E+3', '1e-400', '9007199254740991', '"\\ud83d\\ude00"'],
    ...['"\u2028"', '{"":0}', '{"constructor":1,"prototype":2,"toString":3}', '"\u007f\uffff"', '"\\/\\b\\f"'],
  ])('%s', (text) => {
    expect(read(text)).toEqual(JSON.parse(text))
  })

  test('a fault never repeats what was sent', () => {
    expect(() => read('{"secret":x')).toThrow(/^The document is not JSON\.$/)
  })

  test('any value, any layout', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t', '\r\n '), (text, indent) => {
        const value: unknown = JSON.parse(text)
        const laidOut = JSON.stringify(value, null, indent)
        fc.pre(!/__proto__|constructor|\\ud[89a-f]/.test(laidOut) && isExact(value))
        expect(read(laidOut)).toEqual(value)
      }),
      { numRuns: 2000 },
    )
  })

  test('any text is either refused or means what JSON.parse says', () => {
    const characters = '{}[],:"\\ \n0123456789.eE+-truefalsn/u'.split('')
    const fragments = fc.constantFrom(...characters, 'null', '"a"', '"\\u00e9"', '\u{1f600}')
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 12 }), (parts) => {
        const text = parts.join('')
        let value: unknown
        try {
          value = read(text)
        } catch (error) {
          expect(error).toBeInstanceOf(JsonRefused)
          return
        }
        expect(value).toEqual(JSON.parse(text))
      }),
      { numRuns: 20_000 },
    )
  })
})

function isExact(value: unknown): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value)
  return typeof value !== 'object' || value === null || Object.values(value).every(isExact)
}
