import { type Answer, type JsonServer, startJsonServer } from './json-server.ts'

/** A registry that keeps the contract of `registry-http`: it knows the given entries, by national id. */
export async function startRegistryServer(entries: Readonly<Record<string, unknown>>): Promise<JsonServer> {
  return await startJsonServer(({ body }): Answer => {
    const entry = entries[String((body as { nationalId: unknown }).nationalId)]
    return entry === undefined ? { status: 404 } : { status: 200, body: JSON.stringify(entry) }
  })
}
