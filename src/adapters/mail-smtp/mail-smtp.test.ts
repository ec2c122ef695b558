import { describe, expect, test } from 'vitest'
import { type SmtpSinkOptions, startSmtpSink } from '../../../test/support/smtp-sink.ts'
import { MailNotSent, smtpMailer } from './index.ts'

const mail = { to: 'ana@example.com', subject: '123456 es su código', text: 'Su código: 123456\nÑandú', id: '01J9ABC' }
const from = 'Chancery <no-reply@sender.example>'

const openSink = async (options?: SmtpSinkOptions) => {
  const sink = await startSmtpSink(options)
  const mailer = smtpMailer({ url: `smtp://127.0.0.1:${sink.port}`, from, limitMs: 500 })
  return { sink, mailer }
}

describe('what must not be sent', () => {
  test.each([
    ['a second header', { to: 'ana@example.com\r\nBcc: eve@example.com' }],
    ['a second recipient', { to: 'ana@example.com,eve@example.com' }],
    ['a display name', { to: 'Ana <ana@example.com>' }],
    ['a quoted local part', { to: '"ana\r\n"@example.com' }],
    ['a subject of two lines', { subject: 'hello\r\nBcc: eve@example.com' }],
    ['an id with a line break', { id: '1\r\nBcc: eve@example.com' }],
    ['an id that closes the Message-ID', { id: '1>' }],
  ])('%s is refused before the server is asked', async (_, change) => {
    await using sink = await startSmtpSink()
    const mailer = smtpMailer({ url: `smtp://127.0.0.1:${sink.port}`, from })
    await expect(mailer.send({ ...mail, ...change })).rejects.toThrow(TypeError)
    expect(sink.mails).toEqual([])
  })

  // The mapped address reaches the same sink, and is not one of the loopback names.
  test('nothing goes to another machine without TLS', async () => {
    await using sink = await startSmtpSink()
    const mailer = smtpMailer({ url: `smtp://[::ffff:127.0.0.1]:${sink.port}`, from })
    await expect(mailer.send(mail)).rejects.toMatchObject({ details: { reason: 'ETLS' } })
    expect(sink.mails).toEqual([])
  })

  test('nothing goes to another machine whose certificate nobody vouches for', async () => {
    await using sink = await startSmtpSink({ offersTls: true })
    const mailer = smtpMailer({ url: `smtp://[::ffff:127.0.0.1]:${sink.port}`, from })
    await expect(mailer.send(mail)).rejects.toBeInstanceOf(MailNotSent)
    expect(sink.mails).toEqual([])
  })
})

describe('a server that does not take the mail', () => {
  test('a refused recipient is told with its reply code and without the address', async () => {
    const { sink, mailer } = await openSink({ refuses: [mail.to] })
    await using _ = sink
    const error: unknown = await mailer.send(mail).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(MailNotSent)
    expect(error).toMatchObject({ code: 'mail.not_sent', details: { reply: 550, command: 'RCPT TO' } })
    expect(`${(error as Error).stack}${JSON.stringify(error)}`).not.toContain(mail.to)
    expect((error as Error).cause).toBeUndefined()
  })

  test('a connection that drops in the middle of the message rejects', async () => {
    const { sink, mailer } = await openSink({ dropsOnData: true })
    await using _ = sink
    await expect(mailer.send(mail)).rejects.toBeInstanceOf(MailNotSent)
  })

  test('a greeting that comes too late rejects within the limit', async () => {
    const { sink, mailer } = await openSink({ greetsAfterMs: 5000 })
    await using _ = sink
    const begun = performance.now()
    await expect(mailer.send(mail)).rejects.toBeInstanceOf(MailNotSent)
    expect(performance.now() - begun).toBeLessThan(3000)
  })

  test('a server that is not there rejects', async () => {
    const { sink, mailer } = await openSink()
    await sink[Symbol.asyncDispose]()
    await expect(mailer.send(mail)).rejects.toMatchObject({ details: { reason: 'ESOCKET' } })
  })

  test('a login that the server does not know rejects, and the password stays out', async () => {
    await using sink = await startSmtpSink({ login: { user: 'chancery', password: 'right' } })
    const mailer = smtpMailer({ url: `smtp://chancery:hunter2@127.0.0.1:${sink.port}`, from })
    const error = await mailer.send(mail).catch((reason: Error) => reason)
    expect(error).toMatchObject({ details: { reason: 'EAUTH', reply: 535 } })
    expect(JSON.stringify(error)).not.toContain('hunter2')
  })
})

describe('a mail that is taken', () => {
  test('is plain text in UTF-8 that asks for no automatic answer', async () => {
    const { sink, mailer } = await openSink()
    await using _ = sink
    await mailer.send(mail)
    const [taken] = sink.mails
    expect(taken).toMatchObject({ from: 'no-reply@sender.example', to: [mail.to] })
    expect(taken?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(taken?.raw).toMatch(/^Content-Type: text\/plain; charset=utf-8\r$/m)
    expect(taken?.raw).toMatch(/^Subject: =\?UTF-8\?/m)
  })

  test('bears its id, so that a repetition is recognised', async () => {
    const { sink, mailer } = await openSink()
    await using _ = sink
    await mailer.send(mail)
    await mailer.send(mail)
    expect(sink.mails).toHaveLength(2)
    for (const { raw } of sink.mails) expect(raw).toMatch(/^Message-ID: <01J9ABC@sender\.example>\r$/m)
  })

  test('goes through a server that asks for a login', async () => {
    await using sink = await startSmtpSink({ login: { user: 'chancery', password: 'p:w' } })
    await smtpMailer({ url: `smtp://chancery:p%3Aw@127.0.0.1:${sink.port}`, from }).send(mail)
    expect(sink.mails).toHaveLength(1)
  })
})
