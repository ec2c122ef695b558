import { createHash } from 'node:crypto'
import { openLocalFiles } from '../../src/adapters/files-local/local-files.ts'
import { sandboxProvider } from '../../src/adapters/proofing-sandbox/index.ts'
import { sandboxRegistry } from '../../src/adapters/registry-sandbox/index.ts'
import {
  ensureTokenKeys,
  type Log,
  type Outside,
  openAuthority,
  openVault,
  type Platform,
  type Random,
  type Schema,
} from '../../src/core/index.ts'
import { confineFiles } from '../../src/pades/index.ts'
import { type LogEntry, movableClock } from './sample-facade.ts'
import { makeTemporaryDirectory } from './temporary-directory.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

/** A message that left the platform through a gateway. */
export type Sent = { readonly to: string; readonly text: string; readonly id: string }

/**
 * The platform as a process has it, but for the world around it: the clock stands until a test moves it, chance can be
 * repeated, and what is logged or sent is kept to be looked at.
 */
export type CorePlatform = Platform & {
  readonly clock: ReturnType<typeof movableClock>
  readonly vault: Platform['vault']
  readonly entries: LogEntry[]
  readonly sent: Sent[]
  /** The database behind it, to look behind the fences. */
  readonly behind: TestDatabase<Schema>
  close(): Promise<void>
}

/** Opens a platform on a database and a directory of its own. Call it in `beforeAll`, and `close()` in `afterAll`. */
export async function openCorePlatform(): Promise<CorePlatform> {
  const behind = await createTestDatabase<Schema>()
  const directory = await makeTemporaryDirectory('chancery-core')
  const clock = movableClock()
  const entries: LogEntry[] = []
  const sent: Sent[] = []
  const parts = {
    database: behind.database,
    clock,
    random: seededChance('chancery'),
    vault: openVault(Buffer.alloc(32, 7)),
    log: recordingLog(entries),
    settings: { publicUrl: 'https://sign.example.com' },
  }
  const confinement = confineFiles({ timeMs: 10_000 })
  const outside: Outside = { registry: sandboxRegistry(), proofingProvider: sandboxProvider({ clock }) }
  const send = async (message: Sent): Promise<void> => void sent.push(message)
  const platform = {
    ...parts,
    files: await openLocalFiles(directory.path),
    confinement,
    // The stand-ins serve live tenants here too: what is tested is what the core does with a tenant's mode.
    outside: { sandbox: outside, live: outside },
    mailer: { send },
    texter: { send },
    authority: await openAuthority(parts),
    entries,
    sent,
    behind,
    async close() {
      await confinement.close()
      await behind.close()
      await directory.remove()
    },
  }
  await ensureTokenKeys(platform)
  return platform
}

/** Bytes from a seed: two runs draw the same, two seeds do not. */
export function seededChance(seed: string): Random {
  let drawn = 0
  const bytes = (count: number): Buffer =>
    createHash('shake256', { outputLength: count }).update(`${seed}:${drawn++}`).digest()
  return { bytes, digits: (count) => String(bytes(6).readUIntBE(0, 6) % 10 ** count).padStart(count, '0') }
}

function recordingLog(entries: LogEntry[]): Log {
  const write = (level: string) => (fields: Record<string, unknown>, message: string) => {
    entries.push({ level, fields, message })
  }
  return { info: write('info'), warn: write('warn'), error: write('error') }
}
