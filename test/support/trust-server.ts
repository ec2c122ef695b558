import type { IncomingMessage, ServerResponse } from 'node:http'
import { ocspRequestOfPath } from '../../src/pki/index.ts'
import type { Holder } from '../../src/pki/testing/authority.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { listAnswers, ocspAnswers, type TrustState, timestampAnswers, type WrongAnswer } from './trust-answers.ts'
import type { AuthorityId } from './trust-hierarchy.ts'

export const serviceIds = [
  'ocsp/root',
  'ocsp/issuing',
  'crl/root',
  'crl/issuing',
  'aia/root',
  'aia/issuing',
  'tsa',
  'tsa2',
] as const

export type ServiceId = (typeof serviceIds)[number]

/** `down` breaks the connection off, `error` answers 500, `slowMs` comes late. */
export type Behaviour = 'down' | 'error' | { readonly slowMs: number } | WrongAnswer

type Service = {
  readonly type: string
  /** `asked` is the body of a POST, or the rest of the path. */
  readonly answer: (asked: Bytes, wrong?: WrongAnswer) => Bytes | Promise<Bytes>
}

/** What each service answers. */
export function makeServices(state: TrustState): Readonly<Record<ServiceId, Service>> {
  const { hierarchy } = state
  const ocsp = (id: AuthorityId) => ({ type: 'application/ocsp-response', answer: ocspAnswers(state, id) })
  const list = (id: AuthorityId) => {
    const current = listAnswers(state, id)
    return { type: 'application/pkix-crl', answer: (_: Bytes, wrong?: WrongAnswer) => current(wrong) }
  }
  const certificate = (id: AuthorityId) => ({
    type: 'application/pkix-cert',
    answer: (_: Bytes, wrong?: WrongAnswer) =>
      wrong === 'malformed' ? Buffer.from('3000', 'hex') : hierarchy[id].certificate,
  })
  const timestamps = (unit: Holder) => ({ type: 'application/timestamp-reply', answer: timestampAnswers(state, unit) })
  return {
    'ocsp/root': ocsp('root'),
    'ocsp/issuing': ocsp('issuing'),
    'crl/root': list('root'),
    'crl/issuing': list('issuing'),
    'aia/root': certificate('root'),
    'aia/issuing': certificate('issuing'),
    tsa: timestamps(hierarchy.tsa),
    tsa2: timestamps(hierarchy.tsa2),
  }
}

export type Serving = {
  readonly services: Readonly<Record<ServiceId, Service>>
  readonly behaviours: ReadonlyMap<ServiceId, Behaviour>
  readonly requests: Record<ServiceId, number>
}

const PATH = /^\/((?:ocsp|crl|aia)\/(?:root|issuing)|tsa2?)(?:\.(?:crl|cer))?(?:\/(.+))?$/

/** Answers one call, in the way that its service is made to behave. */
export async function serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
  const [, id, rest] = PATH.exec(request.url ?? '') ?? []
  const service = serviceIds.find((known) => known === id)
  if (service === undefined) return void response.writeHead(404).end()
  serving.requests[service]++
  const behaviour = serving.behaviours.get(service)
  if (behaviour === 'down') return void request.socket.destroy()
  if (behaviour === 'error') return void response.writeHead(500).end()
  try {
    const asked = rest === undefined ? await bodyOf(request) : ocspRequestOfPath(rest)
    if (typeof behaviour === 'object') await new Promise((resolve) => setTimeout(resolve, behaviour.slowMs))
    const wrong = typeof behaviour === 'object' ? undefined : behaviour
    const { type, answer } = serving.services[service]
    const body = await answer(asked, wrong)
    response.writeHead(200, { 'content-type': type, 'content-length': body.length }).end(body)
  } catch (error) {
    response.writeHead(400).end(String(error))
  }
}

async function bodyOf(request: IncomingMessage): Promise<Bytes> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
