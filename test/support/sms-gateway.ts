import { type Answer, type ReceivedCall, startJsonServer } from './json-server.ts'

export type SentSms = { readonly to: string; readonly text: string; readonly id: string }

export type SmsGateway = AsyncDisposable & {
  readonly url: string
  readonly calls: readonly ReceivedCall[]
  /** What was taken, each id once. */
  readonly sent: readonly SentSms[]
}

/** A gateway that keeps the contract of `sms-http`; `answer` stands for its outages. */
export async function startSmsGateway(answer: () => Answer | undefined = () => ({ status: 202 })): Promise<SmsGateway> {
  const sent = new Map<string, SentSms>()
  const server = await startJsonServer(({ headers, body }) => {
    const reply = answer()
    const key = String(headers['idempotency-key'])
    if (reply && reply.status < 300) sent.set(key, sent.get(key) ?? (body as SentSms))
    return reply
  })
  return {
    url: `${server.url}/messages`,
    calls: server.calls,
    get sent() {
      return [...sent.values()]
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
