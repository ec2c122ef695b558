import type { Chancery } from '../../src/app/compose.ts'
import { readConfig } from '../../src/app/config.ts'
import { startServer } from '../../src/app/server.ts'
import { type HttpClient, openHttpClient } from './http-client.ts'
import { type Company, type Insight, insightInto, makeCompany } from './serving-insight.ts'
import { makeTemporaryDirectory } from './temporary-directory.ts'

/** The whole server in this process, on a database and a directory of its own, with two sandbox companies. */
export type Serving = {
  readonly http: HttpClient
  readonly platform: Chancery['platform']
  readonly insight: Insight
  readonly company: Company
  readonly stranger: Company
  stop(): Promise<void>
}

/** Starts one. Call it in `beforeAll`, and `stop()` in `afterAll`. */
export async function serve(): Promise<Serving> {
  const directory = await makeTemporaryDirectory('chancery-serving')
  try {
    const config = readConfig({}, { dataDirectory: directory.path, port: 0, logLevel: 'error' })
    const server = await startServer(config)
    const { platform } = server.chancery
    const http = openHttpClient(server.address)
    return {
      http,
      platform,
      insight: insightInto(platform),
      company: await makeCompany(platform, 'Ceiba'),
      stranger: await makeCompany(platform, 'Quetzal'),
      async stop() {
        http.close()
        await server.stop()
        await directory.remove()
      },
    }
  } catch (error) {
    await directory.remove()
    throw error
  }
}
