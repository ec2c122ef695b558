import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** The process id of the PostgreSQL in a data directory of ours, or NaN where none runs. */
export async function serverPid(directory: string): Promise<number> {
  const lock = await readFile(join(directory, 'postgres', 'data', 'postmaster.pid'), 'utf8').catch(() => '')
  return Number.parseInt(lock, 10)
}

/** Kills it the hard way and waits until another one is there. Its last sessions may answer for some moments. */
export async function killServer(directory: string): Promise<void> {
  const killed = await serverPid(directory)
  process.kill(killed, 'SIGKILL')
  const deadline = Date.now() + 10_000
  for (let pid = killed; pid === killed || Number.isNaN(pid); pid = await serverPid(directory)) {
    if (Date.now() > deadline) throw new Error('no new server within 10 s')
    await sleep(10)
  }
}
