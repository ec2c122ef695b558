import { createTransport } from 'nodemailer'
import type { Mailer } from '../../core/index.ts'
import { CodedError } from '../../std/error.ts'
import { type SmtpSettings, transportOptions } from './transport-options.ts'

/**
 * A mail that the next server did not take, or may not have taken. `details` has the server's reply code and the
 * command it answered: its words often quote the address and stay out.
 */
export class MailNotSent extends CodedError<'mail.not_sent'> {}

/** One address as the platform normalises it: no quoting, no list, nothing that a header could fold. */
const ADDRESS = /^[^\s@,;:<>()[\]\\"\p{C}]+@[a-z0-9.-]+$/u
const ID = /^[A-Za-z0-9-]{1,64}$/

/**
 * Sends plain text mail over SMTP, one connection per mail.
 *
 * The Message-ID is made from `id`, so that servers and mailboxes can recognise a repetition.
 * @throws TypeError from here when the settings are unusable, and from `send` when a value could reach into the
 *   headers; MailNotSent from `send` for everything that happens on the way
 */
export function smtpMailer(settings: SmtpSettings): Mailer {
  const transport = createTransport(transportOptions(settings))
  const host = settings.from.replace(/^.*@|>$/g, '')
  return {
    async send({ to, subject, text, id }) {
      if (!ADDRESS.test(to) || !ID.test(id) || /\p{Cc}/u.test(subject)) {
        throw new TypeError('a mail needs one plain address, a plain id and a subject of one line')
      }
      try {
        await transport.sendMail({
          from: settings.from,
          // As an object: a string would be read as a list of addresses.
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${host}>`,
          // RFC 3834 §5: no vacation notice comes back.
          headers: { 'Auto-Submitted': 'auto-generated' },
          disableFileAccess: true,
          disableUrlAccess: true,
        })
      } catch (error) {
        throw notSent(error)
      }
    },
  }
}

function notSent(error: unknown): MailNotSent {
  const { code, command, responseCode } = error as { code?: string; command?: string; responseCode?: number }
  return new MailNotSent('mail.not_sent', 'The mail server did not take the mail.', {
    ...(code === undefined ? {} : { reason: code }),
    ...(command === undefined ? {} : { command: command.slice(0, 16) }),
    ...(responseCode === undefined ? {} : { reply: responseCode }),
  })
}
