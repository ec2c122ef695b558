import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { freePort } from '../src/app/free-port.ts'
import { type HttpClient, openHttpClient } from '../test/support/http-client.ts'
import { companyToken, signUp } from '../test/support/journey.ts'
import type { Company } from '../test/support/serving-insight.ts'
import { type ServingProcess, serveInProcess } from '../test/support/serving-process.ts'
import { makeTemporaryDirectory } from '../test/support/temporary-directory.ts'
import { type Contestant, compare, printTable } from './measure.ts'

const ROUNDS = 3
const ROUND_MS = 1500
const CONCURRENCY = 20
/** So many that no address is asked for more often than messages may be sent to it. */
const ADDRESSES_PER_LANE = 150

/** One connection with a company of its own, so that the limits of one client are not what is measured. */
type Lane = { readonly company: Company; readonly token: string; readonly addresses: readonly string[]; next: number }

/** Log-ins at the real server on its real database, against a route that does nothing but validate. */
export async function benchLogIn(): Promise<void> {
  const directory = await makeTemporaryDirectory('chancery-bench')
  const server = await serveInProcess(directory.path, await freePort('127.0.0.1'))
  const bare = await startBare()
  const http = openHttpClient(server.address, CONCURRENCY)
  const bareHttp = openHttpClient(bare.address, CONCURRENCY)
  try {
    const lanes = await Promise.all(Array.from({ length: CONCURRENCY }, (_, lane) => openLane(server, http, lane)))
    const contestants: readonly Contestant[] = [
      { name: 'bare Fastify route, same validation', round: lanesOf(bareHttp, lanes, firstAddress) },
      { name: 'log-in, sends used up', round: lanesOf(http, lanes, firstAddress) },
      { name: 'log-in, a code is sent each time', round: lanesOf(http, lanes, nextAddress) },
    ]
    const results = await compare(contestants, { rounds: ROUNDS, roundMs: ROUND_MS })
    printTable(`POST /v1/auth/login, ${CONCURRENCY} at once, one server process`, 'per s', results)
  } finally {
    http.close()
    bareHttp.close()
    bare.stop()
    await server.stop()
    await directory.remove()
  }
}

async function startBare(): Promise<{ readonly address: string; readonly stop: () => void }> {
  const child = fork(fileURLToPath(new URL('./bare-login-main.ts', import.meta.url)))
  const [said] = (await once(child, 'message')) as [{ readonly address: string }]
  return { address: said.address, stop: () => child.disconnect() }
}

async function openLane(server: ServingProcess, http: HttpClient, lane: number): Promise<Lane> {
  const company = await server.makeCompany(`Lane ${lane}`)
  const world = { http, insight: server.insight, company }
  const token = await companyToken(world)
  const addresses = Array.from({ length: ADDRESSES_PER_LANE }, (_, index) => `lane${lane}-${index}@example.com`)
  for (const address of addresses) await signUp(world, token, address)
  return { company, token, addresses, next: 0 }
}

const firstAddress = ({ addresses }: Lane): string => addresses[0] ?? ''
const nextAddress = (lane: Lane): string => lane.addresses[lane.next++ % lane.addresses.length] ?? ''

/** Every lane asks again as soon as it is answered. @throws for any answer but 200 */
function lanesOf(http: HttpClient, lanes: readonly Lane[], address: (lane: Lane) => string): Contestant['round'] {
  return async (forMs) => {
    const begun = performance.now()
    let done = 0
    const run = async (lane: Lane): Promise<void> => {
      while (performance.now() - begun < forMs) {
        const json = { email: address(lane), client_id: lane.company.clientId }
        const { status } = await http.call('POST', '/v1/auth/login', { token: lane.token, json })
        if (status !== 200) throw new Error(`a log-in was answered with ${status}`)
        done++
      }
    }
    await Promise.all(lanes.map(run))
    return (done * 1000) / (performance.now() - begun)
  }
}
