import { readFile } from 'node:fs/promises'
import { errorCode } from '../errors.ts'

/** True while the process id belongs to a process, ours or not, running or not yet reaped. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return errorCode(error) === 'EPERM'
  }
}

/**
 * What stands behind a process id that a lock file names: the `server` of that data directory, a `zombie` (dead,
 * its parent has not noticed), a `stranger` (the id was given away again, as happens in each restarted
 * container), or `unknown` where the system does not tell.
 */
export async function identify(
  pid: number,
  dataDirectory: string,
): Promise<'server' | 'zombie' | 'stranger' | 'unknown'> {
  if (process.platform !== 'linux') return 'unknown'
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8')
    if (/^State:\s+[ZX]/m.test(status)) return 'zombie'
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0')
    return words.includes(dataDirectory) ? 'server' : 'stranger'
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? 'stranger' : 'unknown'
  }
}
