import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

/** What one connection delivered: the envelope and the message as it was sent. */
export type SunkMail = {
  readonly from: string
  readonly to: readonly string[]
  readonly secure: boolean
  readonly raw: string
}

export type SmtpSinkOptions = {
  /** Recipients that are refused with 550, whose words quote the address. */
  readonly refuses?: readonly string[]
  /** Hang up when the message begins. */
  readonly dropsOnData?: boolean
  /** Milliseconds before the greeting. */
  readonly greetsAfterMs?: number
  /** The one login that is accepted; without it, mail is taken from anybody. */
  readonly login?: { readonly user: string; readonly password: string }
  /** Offer STARTTLS, with a certificate that nobody trusts. */
  readonly offersTls?: boolean
}

export type SmtpSink = AsyncDisposable & { readonly port: number; readonly mails: readonly SunkMail[] }

/** A mail server on a free loopback port that keeps what it is given. */
export async function startSmtpSink(options: SmtpSinkOptions = {}): Promise<SmtpSink> {
  const mails: SunkMail[] = []
  const sockets = new Set<Socket>()
  const hangUp = () => {
    for (const socket of sockets) socket.destroy()
  }
  const server = new SMTPServer({
    logger: false,
    closeTimeout: 100,
    disabledCommands: options.offersTls === true ? [] : ['STARTTLS'],
    authOptional: options.login === undefined,
    allowInsecureAuth: true,
    ...handlersOf(options, (mail) => mails.push(mail), hangUp),
  })
  // A client that hangs up is part of what is tested.
  server.on('error', () => undefined)
  server.server.on('connection', (socket: Socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function handlersOf(
  { refuses = [], dropsOnData = false, greetsAfterMs = 0, login }: SmtpSinkOptions,
  keep: (mail: SunkMail) => void,
  hangUp: () => void,
): SMTPServerOptions {
  return {
    onConnect: (_, done) => {
      setTimeout(done, greetsAfterMs).unref()
    },
    onAuth: ({ username, password }, _, done) => {
      const isKnown = username === login?.user && password === login?.password
      done(isKnown ? null : new Error('unknown login'), isKnown ? { user: username } : undefined)
    },
    onRcptTo: ({ address }, _, done) => {
      done(
        refuses.includes(address) ? Object.assign(new Error(`<${address}> is not here`), { responseCode: 550 }) : null,
      )
    },
    onData: (stream, { envelope, secure }, done) => {
      if (dropsOnData) hangUp()
      const { mailFrom, rcptTo } = envelope
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = rcptTo.map(({ address }) => address)
        keep({ from: mailFrom === false ? '' : mailFrom.address, to, secure, raw: Buffer.concat(chunks).toString() })
        done()
      })
    },
  }
}
