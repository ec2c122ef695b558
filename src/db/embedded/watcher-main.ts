import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { administrator, countOthers, shutDown, WATCHER } from './clients.ts'

/** Long enough for a process manager to restart what was killed, which then adopts the running server. */
const GRACE_MS = 5000

/**
 * The program of the watcher, started after the watched process ended. It stops the server when nobody is
 * connected; leaves at once when another process of ours is, because that one has its own watcher; and asks
 * again later while only strangers are, such as an operator's psql.
 */
async function main(socketDirectory: string): Promise<void> {
  let decided = false
  while (!decided) {
    await sleep(GRACE_MS)
    decided = await decide(socketDirectory)
  }
}

async function decide(socketDirectory: string): Promise<boolean> {
  const client = new pg.Client(administrator(socketDirectory, WATCHER))
  client.on('error', () => undefined)
  try {
    await client.connect()
  } catch {
    // Nobody answers: there is nothing to stop. A server that recovers just now was started by somebody who lives.
    return true
  }
  try {
    const others = await countOthers(client, [])
    if (others.processes > 0) return true
    if (others.connections > 0) return false
    await shutDown(client)
    return true
  } finally {
    await client.end()
  }
}

await main(process.argv[2] ?? '')
