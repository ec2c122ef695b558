import { describe, expect, test } from 'vitest'
import { passwordBytes } from './password-bytes.ts'
import { saslprep } from './saslprep.ts'

describe('a password has no prepared form', () => {
  test.each([
    ['with a control character', 'a\u0007b'],
    ['with a mark of direction', 'a\u200eb'],
    ['with half a pair', 'a\ud800'],
    ['with a character for private use', '\ue000'],
    ['with no character', '\u{1fffe}'],
    ['with a replacement character', '\ufffd'],
    ['with a tag', 'a\u{e0041}'],
    ['that starts from right to left and ends with a digit', '\u06271'],
    ['that mixes directions', '\u0627a\u0628'],
    ['that mixes directions around Hebrew', '\u05d0x\u05d1'],
  ])('%s', (_, text) => {
    expect(saslprep(text)).toBeUndefined()
    expect(passwordBytes(text, 6)).toEqual([Buffer.from(text)])
  })
})

// The examples of RFC 4013 3 first.
test.each([
  ['I\u00adX', 'IX'],
  ['user', 'user'],
  ['USER', 'USER'],
  ['\u00aa', 'a'],
  ['\u2168', 'IX'],
  ['a\u00a0b\u3000c', 'a b c'],
  ['a\u200d\ufe0fb\ufeff', 'ab'],
  ['A\u030a', '\u00c5'],
  ['\ufb01', 'fi'],
  ['\u06271\u0628', '\u06271\u0628'],
  ['\u05d0 \u05d1', '\u05d0 \u05d1'],
])('%j is prepared as %j', (text, prepared) => {
  expect(saslprep(text)).toBe(prepared)
})

describe('the bytes of a password', () => {
  test('are PDFDocEncoding up to revision 4, and UTF-8 where that has another form', () => {
    expect(passwordBytes('plain', 4)).toEqual([Buffer.from('plain')])
    expect(passwordBytes('ñ€—Ł', 4)).toEqual([Buffer.of(0xf1, 0xa0, 0x84, 0x95), Buffer.from('ñ€—Ł')])
    expect(passwordBytes('日本', 4)).toEqual([Buffer.from('日本')])
  })

  test('are the prepared form from revision 5 on, then the typed one, 127 at most', () => {
    expect(passwordBytes('ﬁn', 6)).toEqual([Buffer.from('fin'), Buffer.from('ﬁn')])
    expect(passwordBytes('x'.repeat(200), 6)).toEqual([Buffer.alloc(127, 'x')])
  })
})
