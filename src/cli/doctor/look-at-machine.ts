import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { Installation } from '../tools.ts'
import { bad, type Look, ok, type Verdict, warn } from './finding.ts'

/** What can be looked at without the database. */
export function looksAtMachine(installation: Installation): readonly Look[] {
  const { dataDirectory, masterKeyFile } = installation
  return [
    ['master key', () => lookAtMasterKey(masterKeyFile)],
    ['files', () => lookAtFiles(join(dataDirectory, 'files'))],
    ['disk', () => lookAtDisk(dataDirectory)],
    ['server', () => lookForServer(installation.address)],
  ]
}

async function lookAtMasterKey(path: string | undefined): Promise<Verdict> {
  if (path === undefined) return ok('in the environment')
  const { mode } = await stat(path)
  if ((mode & 0o077) !== 0) return bad(`${path} can be read by others. Run: chmod 600 ${path}`)
  return ok(`${path}, for its owner alone. Without a copy elsewhere, losing it loses every key.`)
}

async function lookAtFiles(directory: string): Promise<Verdict> {
  await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  return ok(`${directory} can be written to`)
}

const MIB = 2 ** 20
/** A few of the largest uploads at once, and the database's own log. */
const LEAST_BYTES = 512 * MIB
const FEW_BYTES = 4096 * MIB

async function lookAtDisk(directory: string): Promise<Verdict> {
  const { bavail, bsize } = await statfs(directory)
  const free = bavail * bsize
  const detail = `${Math.floor(free / MIB)} MiB free below ${directory}`
  if (free < LEAST_BYTES) return bad(`${detail}. Make room: uploads will be refused.`)
  return free < FEW_BYTES ? warn(`${detail}. Make room soon.`) : ok(detail)
}

const HEALTH_TIMEOUT_MS = 3000

/** A server need not run. One that runs and cannot answer is a finding. */
async function lookForServer(address: string | undefined): Promise<Verdict> {
  if (address === undefined) return ok('its port is chosen at each start, so it was not asked')
  const url = `${address}/health/ready`
  const status = await fetch(url, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) }).then(
    (response) => response.status,
    (error: unknown) => (error instanceof DOMException ? 'no answer in time' : undefined),
  )
  if (status === undefined) return ok(`nothing listens at ${address}`)
  return status === 200 ? ok(`ready at ${address}`) : warn(`${url} answers ${status}`)
}
