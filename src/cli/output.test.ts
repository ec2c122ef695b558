import { Writable } from 'node:stream'
import { expect, test, vi } from 'vitest'
import { openOutput, table } from './output.ts'

vi.stubEnv('FORCE_COLOR', undefined)

function written(json: boolean): string {
  let text = ''
  const stream = new Writable({
    write(piece, _encoding, done) {
      text += String(piece)
      done()
    },
  })
  const output = openOutput(stream, json, stream)
  output.say(output.tone('bad', 'no'))
  output.give({ answer: 'no' })
  return text
}

test('a person gets text, without colours where there is no terminal', () => {
  expect(written(false)).toBe('no\n')
})

test('a program gets one document and nothing else', () => {
  expect(JSON.parse(written(true))).toEqual({ answer: 'no' })
})

test('columns line up and leave no blanks at the end', () => {
  expect(
    table([
      ['a', 'long'],
      ['bcd', ''],
      ['e', 'f'],
    ]),
  ).toEqual(['a    long', 'bcd', 'e    f'])
})
