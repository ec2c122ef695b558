import { compare } from '../measure.ts'
import { markdownTable, megabytes, ms, times } from './markdown.ts'
import { startContender } from './measured-process.ts'
import type { Stand } from './stand.ts'
import type { World } from './world.ts'

const TARGETS: Readonly<Record<string, string>> = { '100 MB': '60 ms, 64 MB', '1 GB': '600 ms, 64 MB' }
const KEPT_SIZES = ['50 kB', '100 MB', '1 GB'] as const

/** Files signed in place, beside their plain digest. A process per size, so that memory is of that size alone. */
export async function inPlaceTable(stand: Stand): Promise<string> {
  const rows: string[][] = []
  // What the first process compiles, the others find: compiling would be in the memory of the first size alone.
  await (await startContender('in-place', onlyFiles(stand.world, ['1 MB']), stand)).stop()
  for (const size of ['1 MB', '10 MB', '100 MB', '1 GB']) rows.push(await inPlaceRow(stand, size))
  const head = [
    'file',
    'signed in place',
    'without the write',
    'SHA-256 alone',
    'ratio',
    'MB/s',
    'memory, loaded',
    'peak',
    'target',
  ]
  return markdownTable('Files signed in place, P-256, B-B', head, rows)
}

async function inPlaceRow({ world, codeCache, pace }: Stand, size: string): Promise<string[]> {
  const own = onlyFiles(world, [size])
  const ours = await startContender('in-place', own, { codeCache })
  const plain = await startContender('plain-hash', own, { codeCache })
  try {
    const contestants = [...ours.cases.map((name) => ours.contestant(name)), plain.contestant(size)]
    const [written, unwritten, hashed] = (await compare(contestants, pace)).map(({ perSecond }) => 1000 / perSecond)
    if (written === undefined || unwritten === undefined || hashed === undefined) throw new Error('a figure is missing')
    const { loaded, peak } = await ours.weigh()
    const figures = [ms(written), ms(unwritten), ms(hashed), times(written / hashed)]
    const speed = String(Math.round((megabytesIn(size) * 1000) / written))
    return [size, ...figures, speed, megabytes(loaded), megabytes(peak), TARGETS[size] ?? '']
  } finally {
    await ours.stop()
    await plain.stop()
  }
}

function megabytesIn(size: string): number {
  return Number.parseInt(size, 10) * (size.endsWith('GB') ? 1000 : 1)
}

/** The next signature of a file whose digest was kept. */
export async function keptPrefixTable({ world, codeCache, pace }: Stand): Promise<string> {
  const ours = await startContender('kept-prefix', onlyFiles(world, KEPT_SIZES), { codeCache })
  try {
    const results = await compare(
      KEPT_SIZES.map((size) => ours.contestant(size, size)),
      pace,
    )
    const rows = results.map(({ name, perSecond }) => [name, ms(1000 / perSecond), '0.15 ms'])
    return markdownTable('Signature of a file whose digest was kept, P-256, B-B', ['file', 'each', 'target'], rows)
  } finally {
    await ours.stop()
  }
}

function onlyFiles(world: World, sizes: readonly string[]): World {
  const files = Object.entries(world.files).filter(([size]) => sizes.includes(size))
  return { ...world, files: Object.fromEntries(files) }
}
