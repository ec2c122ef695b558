import type { AddressInfo } from 'node:net'
import { sql } from 'kysely'
import { ensureSweeping, type Log } from '../core/index.ts'
import { docsDoor } from '../http/docs/docs-door.ts'
import { mockDoor } from '../http/docs/mock-door.ts'
import { sponsored } from '../http/facades/sponsored/index.ts'
import type { Facade } from '../http/kit/facade.ts'
import { openLog } from '../http/kit/log.ts'
import { oauthDoor } from '../http/oauth/oauth-door.ts'
import { downloadsDoor } from '../http/objects/downloads.ts'
import { uploadsDoor } from '../http/objects/uploads.ts'
import { authorityDoor } from '../http/pki/authority-door.ts'
import { createServer, type Door } from '../http/server.ts'
import { proofingDoor } from '../http/site/proofing-door.ts'
import { siteDoor } from '../http/site/site-door.ts'
import { allJobs } from '../worker/jobs/index.ts'
import { runWorker } from '../worker/run-worker.ts'
import { type Chancery, openChancery } from './compose.ts'
import type { Config } from './config.ts'
import { freePort } from './free-port.ts'

/** The APIs that the platform speaks. The next one is a folder and a line here. */
export const facades: readonly Facade[] = [sponsored]

export type RunningServer = {
  readonly chancery: Chancery
  /** Where it listens, as http://host:port. */
  readonly address: string
  /** Finishes what is under way, then stops everything in the order opposite to the start. */
  stop(): Promise<void>
  /** Resolves when the server stopped by itself, with the reason: another server took its place. */
  readonly lost: Promise<Error>
}

/** An upload may take as long as its form lives; every other call has a limit of its own far below. */
const REQUEST_TIMEOUT_MS = 45 * 60_000

/** Starts the whole system: platform, worker and HTTP. @throws when any of them cannot start; nothing stays behind. */
export async function startServer(config: Config, log: Log = openLog(config.logLevel)): Promise<RunningServer> {
  const { promise: lost, resolve: onLost } = Promise.withResolvers<Error>()
  const settled = config.port === 0 ? { ...config, port: await freePort(config.host) } : config
  const chancery = await openChancery(settled, { log, role: 'server', onLost })
  const { platform } = chancery
  const app = createServer(platform, facades, {
    doors: allDoors(chancery),
    trustedProxies: config.trustedProxies,
    timeouts: { requestMs: REQUEST_TIMEOUT_MS },
  })
  const stopping: (() => Promise<unknown>)[] = [() => chancery.close(), () => app.close()]
  const stop = async (): Promise<void> => {
    for (const step of stopping.splice(0).reverse()) await step()
  }
  try {
    await app.listen({ host: settled.host, port: settled.port })
    const worker = runWorker({
      pool: platform.database.pool,
      handlers: allJobs(platform),
      concurrency: config.jobs,
      alone: chancery.alone,
      log: {
        info: (sentence) => platform.log.info({}, sentence),
        warn: (sentence) => platform.log.warn({}, sentence),
        error: (sentence) => platform.log.error({}, sentence),
      },
    })
    stopping.splice(1, 0, () => worker.stop())
    await ensureSweeping(platform)
  } catch (error) {
    await stop()
    throw error
  }
  const { port, address, family } = app.server.address() as AddressInfo
  return { chancery, address: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, stop, lost }
}

/** What the server answers outside the facades. */
function allDoors({ platform }: Chancery): readonly Door[] {
  const isReady = async (): Promise<void> => {
    await platform.database.platform.transaction((tx) => sql`select 1`.execute(tx))
  }
  return [
    oauthDoor(platform),
    uploadsDoor(platform),
    downloadsDoor(platform),
    authorityDoor(platform),
    proofingDoor(platform),
    docsDoor(facades, platform.settings.publicUrl),
    mockDoor(facades),
    siteDoor(isReady),
  ]
}
