import { type Contestant, compare, type Pace } from '../measure.ts'
import { count, markdownTable, percent, times } from './markdown.ts'
import { type MeasuredProcess, startContender } from './measured-process.ts'
import { documentSizes } from './sample-documents.ts'
import type { Stand } from './stand.ts'
import { type KeyKind, keyKinds } from './world.ts'

const TARGETS: Readonly<Record<string, string>> = {
  'P-256, 50 kB, B-B': '8,000 /s',
  'RSA-2048, 50 kB, B-B': '80 % of the key',
  'P-256, 50 kB, B-LTA': '500 /s',
}

type Field = { readonly [name in 'ours' | 'libpdf' | 'signpdf' | 'bare']: MeasuredProcess }

/** Signatures per second in memory, by key, size and level. */
export async function signatureTable({ world, codeCache, pace }: Stand): Promise<string> {
  const [ours, libpdf, signpdf, bare] = [
    await startContender('levels', world, { codeCache }),
    await startContender('libpdf', world, { codeCache }),
    await startContender('signpdf', world, { codeCache }),
    await startContender('bare-keys', world, { codeCache }),
  ]
  try {
    const rows: string[][] = []
    for (const kind of keyKinds)
      for (const size of documentSizes)
        rows.push(...(await rowsOf({ ours, libpdf, signpdf, bare }, `${kind}, ${size}`, kind, pace)))
    const head = [
      'key, file, level',
      'this engine',
      'bare key',
      'share',
      'LibPDF',
      'ratio',
      'signpdf',
      'ratio',
      'target',
    ]
    return markdownTable('Signatures per second, in memory', head, rows)
  } finally {
    for (const one of [ours, libpdf, signpdf, bare]) await one.stop()
  }
}

/** All that do the same work take turns. */
async function rowsOf(field: Field, group: string, kind: KeyKind, pace: Pace): Promise<string[][]> {
  const inGroup = (process: MeasuredProcess, who: string): Contestant[] =>
    process.cases
      .filter((name) => name.startsWith(`${group}, `))
      .map((name) => process.contestant(name, `${who} ${name}`))
  const { ours, libpdf, signpdf, bare } = field
  const results = await compare(
    [
      ...inGroup(ours, 'ours'),
      ...inGroup(libpdf, 'libpdf'),
      ...inGroup(signpdf, 'signpdf'),
      bare.contestant(kind, 'bare'),
    ],
    pace,
  )
  const rates = new Map(results.map(({ name, perSecond }) => [name, perSecond]))
  const floor = rates.get('bare') ?? Number.NaN
  return ours.cases
    .filter((name) => name.startsWith(`${group}, `))
    .map((name) => {
      const rate = rates.get(`ours ${name}`) ?? Number.NaN
      const beside = (who: string) => {
        const other = rates.get(`${who} ${name}`)
        return other === undefined ? ['', ''] : [count(other), times(rate / other)]
      }
      const share = name.endsWith('B-B') ? [count(floor), percent(rate / floor)] : ['', '']
      return [name, count(rate), ...share, ...beside('libpdf'), ...beside('signpdf'), TARGETS[name] ?? '']
    })
}
