import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RevocationReason, readCertificate } from '../../src/pki/index.ts'
import type { Holder, IssueInput, KeyKind } from '../../src/pki/testing/authority.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { hex, type Revocation } from './trust-answers.ts'
import { chainOf, type HierarchyOptions, makeHierarchy, type TrustHierarchy } from './trust-hierarchy.ts'
import { type Behaviour, makeServices, type ServiceId, serve, serviceIds } from './trust-server.ts'

export type { Behaviour, ServiceId } from './trust-server.ts'

/**
 * A whole trust service on a free loopback port, over real HTTP: a root, an issuing authority, OCSP responders for
 * both, their revocation lists and certificates, and two time-stamp authorities.
 *
 * ```ts
 * await using services = await startTrustServices({ clock: () => new Date('2026-11-20T12:00:00Z') })
 * const ana = services.person('Ana Ruiz')                  // her certificate names this server's addresses
 * signerOf(ana, services.authority)                        // from src/pki/testing/authority.ts
 * services.tsa.url                                         // POST application/timestamp-query
 * services.revoke(ana, new Date('2026-12-01'), 'keyCompromise')
 * services.behave('ocsp/issuing', 'down')                  // so that the list is asked; without a behaviour: as usual
 * services.setTime(new Date('2039-01-01'))                 // evidence of another year
 * services.requests['ocsp/issuing']                        // how often it was asked
 * ```
 *
 * | address | method | what |
 * |---|---|---|
 * | `/ocsp/<root or issuing>` | POST, GET with the request in the path | status by a delegated responder |
 * | `/crl/<root or issuing>.crl` | GET | revocation list |
 * | `/aia/<root or issuing>.cer` | GET | certificate of the authority |
 * | `/tsa`, `/tsa2` | POST | time-stamps under `TIMESTAMP_POLICY` |
 *
 * Certificates are valid from 2026: persons until 2029, services until 2046, the authorities beyond 2050; `person`
 * takes `{ notBefore, notAfter }` to make others. {@link file://./trust-services-process.ts} is the same as a process.
 */
export type TrustServices = AsyncDisposable & {
  readonly url: string
  readonly authority: TrustHierarchy
  /** Issuing authority and root, encoded. */
  readonly chain: readonly Bytes[]
  readonly tsa: { readonly url: string; readonly holder: Holder }
  readonly tsa2: { readonly url: string; readonly holder: Holder }
  /** Issues to a person. */
  person(name: string, kind?: KeyKind, more?: Partial<IssueInput>): Holder
  /** Revokes what either authority issued; now and without a reason unless told. */
  revoke(who: { readonly certificate: Bytes }, at?: Date, reason?: RevocationReason): void
  /** Makes a service behave wrongly from now on; well again without a behaviour. */
  behave(service: ServiceId, behaviour?: Behaviour): void
  /** The present moment of all services. */
  now(): Date
  /** Stops their clock at a moment; lets it run again without one. */
  setTime(moment?: Date): void
  readonly requests: Readonly<Record<ServiceId, number>>
  /** Sets all counters to zero. */
  forgetRequests(): void
  stop(): Promise<void>
}

export type TrustServicesOptions = HierarchyOptions & {
  readonly clock?: () => Date
  readonly port?: number
  /** How long answers and lists are good for; twelve hours unless told. */
  readonly lifetimeMs?: number
}

const HALF_A_DAY_MS = 43_200_000

/** Starts all services. */
export async function startTrustServices(options: TrustServicesOptions = {}): Promise<TrustServices> {
  const server = createServer()
  server.listen(options.port ?? 0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  let stoppedAt: Date | undefined
  const now = () => stoppedAt ?? options.clock?.() ?? new Date()
  const hierarchy = makeHierarchy(url, options)
  const revoked = { root: new Map<string, Revocation>(), issuing: new Map<string, Revocation>() }
  const behaviours = new Map<ServiceId, Behaviour>()
  const requests = Object.fromEntries(serviceIds.map((id) => [id, 0])) as Record<ServiceId, number>
  const { lifetimeMs = HALF_A_DAY_MS } = options
  const services = makeServices({ hierarchy, now, revoked, lifetimeMs })
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void serve(request, response, { services, behaviours, requests })
  })
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return {
    url,
    authority: hierarchy,
    chain: chainOf(hierarchy),
    tsa: { url: `${url}/tsa`, holder: hierarchy.tsa },
    tsa2: { url: `${url}/tsa2`, holder: hierarchy.tsa2 },
    person: hierarchy.person,
    revoke({ certificate }, revokedAt = now(), reason = 'unspecified') {
      const { serial, issuer } = readCertificate(certificate)
      const id = Buffer.compare(issuer.raw, hierarchy.issuing.subject) === 0 ? 'issuing' : 'root'
      revoked[id].set(hex(serial), { serial, revokedAt, reason })
    },
    behave: (service, behaviour) => void (behaviour ? behaviours.set(service, behaviour) : behaviours.delete(service)),
    now,
    setTime: (moment) => {
      stoppedAt = moment
    },
    requests,
    forgetRequests: () => {
      for (const id of serviceIds) requests[id] = 0
    },
    stop,
    [Symbol.asyncDispose]: stop,
  }
}
