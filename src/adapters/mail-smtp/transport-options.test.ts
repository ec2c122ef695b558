import { expect, test } from 'vitest'
import { transportOptions } from './transport-options.ts'

const from = 'no-reply@example.com'

test.each(['', 'mail.example.com', 'http://mail.example.com', 'smtp://', 'smtp:mail'])(
  '%j is no address of a mail server',
  (url) => {
    expect(() => transportOptions({ url, from })).toThrow(TypeError)
  },
)

test.each(['', 'nobody', 'a@b\r\nBcc: c@d', 'Name\n<a@b.example>', 'a@b.example, c@d.example', '<a@b@c.example>'])(
  '%j is no sender',
  (sender) => {
    expect(() => transportOptions({ url: 'smtp://mail.example.com', from: sender })).toThrow(TypeError)
  },
)

test('a refusal of the settings repeats no password', () => {
  expect(() => transportOptions({ url: 'imap://me:hunter2@host', from })).toThrow(/^(?!.*hunter2)/)
})

test.each([
  ['smtp://mail.example.com', 587, false, true],
  ['smtp://mail.example.com:25', 25, false, true],
  ['smtps://mail.example.com', 465, true, true],
  ['smtp://127.0.0.1.example.com', 587, false, true],
  ['smtp://localhost.example.com', 587, false, true],
  ['smtp://localhost', 587, false, false],
  ['smtp://127.8.9.1:2525', 2525, false, false],
  ['smtp://[::1]:2525', 2525, false, false],
])('%s means port %i, TLS at once: %s, STARTTLS required: %s', (url, port, secure, requireTLS) => {
  expect(transportOptions({ url, from })).toMatchObject({ port, secure, requireTLS, ignoreTLS: !requireTLS })
})

test('a login is percent-decoded, and absent when none is given', () => {
  const url = 'smtps://user%40example.com:p%3A%2F@mail.example.com'
  expect(transportOptions({ url, from }).auth).toEqual({ user: 'user@example.com', pass: 'p:/' })
  expect(transportOptions({ url: 'smtps://mail.example.com', from })).not.toHaveProperty('auth')
})

test('no wait is longer than ten seconds', () => {
  const options = transportOptions({ url: 'smtps://mail.example.com', from, limitMs: 60_000 })
  const waits = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 10_000, dnsTimeout: 10_000 }
  expect(options).toMatchObject(waits)
})
