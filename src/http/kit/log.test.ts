import { expect, test } from 'vitest'
import { canary } from '../../../test/support/sample-facade.ts'
import { openLog } from './log.ts'

function written(write: (log: ReturnType<typeof openLog>) => void): string {
  let text = ''
  write(openLog('info', { write: (line: string) => (text += line) }))
  return text
}

test('a secret that gets into an entry by its usual name is hidden', () => {
  const secret = canary()
  const text = written((log) => {
    log.info({ token: secret, request: { headers: { authorization: secret } }, a: { b: { otp: secret } } }, 'hello')
  })
  expect(text).not.toContain(secret)
  expect(JSON.parse(text)).toMatchObject({ msg: 'hello', token: '[hidden]' })
})

test('an error is told by its name, message, code and cause, and by nothing else that hangs on it', () => {
  const secret = canary()
  const cause = Object.assign(new Error('inner'), { code: '23505', parameters: [secret] })
  const text = written((log) => log.error({ error: new TypeError('outer', { cause }) }, 'failed'))
  expect(text).not.toContain(secret)
  expect(JSON.parse(text).error).toMatchObject({
    type: 'TypeError',
    message: 'outer',
    cause: { type: 'Error', message: 'inner', code: '23505' },
  })
})
