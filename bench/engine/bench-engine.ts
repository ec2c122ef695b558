import { availableParallelism, cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { asBuffer } from '../../src/std/bytes.ts'
import { makeTemporaryDirectory } from '../../test/support/temporary-directory.ts'
import { spawnTrustServices } from '../../test/support/trust-services-process.ts'
import { isPinned, leaveMeasuredCore, returnToAllCores } from './cores.ts'
import { documentTable } from './document-table.ts'
import { inPlaceTable, keptPrefixTable } from './file-tables.ts'
import { writeLargePdf } from './sample-documents.ts'
import { signatureTable } from './signature-table.ts'
import type { Stand } from './stand.ts'
import { keyKinds, type Person, type World } from './world.ts'

const MB = 1_000_000
const FILE_SIZES = { '50 kB': MB / 20, '1 MB': MB, '10 MB': 10 * MB, '100 MB': 100 * MB, '1 GB': 1000 * MB }

/**
 * The engine beside its peers and its floors, printed as tables in Markdown. `quick` only shows that all of it runs:
 * its figures mean nothing.
 */
export async function benchEngine({ quick }: { readonly quick: boolean }): Promise<void> {
  const cores = availableParallelism()
  const directory = await makeTemporaryDirectory('chancery-bench')
  leaveMeasuredCore()
  const services = await spawnTrustServices(keyKinds.map((kind) => ({ name: `Ana ${kind}`, kind })))
  try {
    const people = Object.fromEntries(
      services.people.map(({ certificate, key, algorithm }, i): [string, Person] => {
        const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
        return [keyKinds[i] ?? '', { certificate: asBuffer(certificate), key: pkcs8, algorithm }]
      }),
    ) as World['people']
    const stand: Stand = {
      world: { tsa: services.tsa.url, chain: services.chain, people, files: writeFiles(directory.path) },
      codeCache: join(directory.path, 'code'),
      pace: quick ? { warmUps: 1, rounds: 1, roundMs: 20 } : { warmUps: 3, rounds: 5, roundMs: 300 },
    }
    console.log(conditions(cores))
    for (const table of [signatureTable, documentTable, keptPrefixTable, inPlaceTable]) console.log(await table(stand))
    console.log(`Load average at the end: ${load()}.\n`)
  } finally {
    await services.stop()
    await directory.remove()
    returnToAllCores(cores)
  }
}

function writeFiles(directory: string): World['files'] {
  const files = Object.entries(FILE_SIZES).map(([name, size]) => {
    const path = join(directory, `${size}.pdf`)
    writeLargePdf(path, size)
    return [name, path] as const
  })
  return Object.fromEntries(files)
}

function conditions(cores: number): string {
  const model = cpus()[0]?.model ?? 'unknown'
  const where = isPinned ? 'measured on one core, time-stamps and OCSP on another' : 'not pinned: all cores were in use'
  const day = new Date().toISOString().slice(0, 10)
  return `\n${day}, Node ${process.versions.node}, ${model}, ${cores} cores, ${where}. Load average before: ${load()}.\n`
}

const load = () =>
  loadavg()
    .map((value) => value.toFixed(1))
    .join(', ')
