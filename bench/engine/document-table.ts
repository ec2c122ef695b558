import { compare } from '../measure.ts'
import { count, markdownTable, ms, percent, times } from './markdown.ts'
import { startContender } from './measured-process.ts'
import { FILLED_FIELDS } from './sample-documents.ts'
import type { Stand } from './stand.ts'

/** The first against the tenth signature, validation, and a form, each of a document of 50 kB. */
export async function documentTable({ world, codeCache, pace }: Stand): Promise<string> {
  const ours = await startContender('documents', world, { codeCache })
  const libpdf = await startContender('libpdf', world, { codeCache })
  try {
    const contestants = [...ours.cases.map((name) => ours.contestant(name, name)), libpdf.contestant('fill', 'libpdf')]
    const results = await compare(contestants, pace)
    const rates = new Map(results.map(({ name, perSecond }) => [name, perSecond]))
    const rate = (name: string) => rates.get(name) ?? Number.NaN
    const row = (label: string, name: string, beside = '', target = '') => [
      label,
      count(rate(name)),
      ms(1000 / rate(name)),
      beside,
      target,
    ]
    const slower = rate('first signature') / rate('tenth signature') - 1
    const filled = `${times(rate('fill') / rate('libpdf'))} LibPDF's ${count(rate('libpdf'))} /s`
    return markdownTable(
      'Documents of 50 kB, P-256',
      ['work', 'per second', 'each', 'beside', 'target'],
      [
        row('first signature', 'first signature'),
        row('tenth signature', 'tenth signature', `${percent(slower)} longer than the first`, 'at most 20 % longer'),
        row('validate B-B, revocation not asked for', 'validate B-B'),
        row('the same, every certificate verified anew', 'validate B-B, all links anew'),
        row('validate B-LTA, revocation required', 'validate B-LTA'),
        row('the same, every certificate verified anew', 'validate B-LTA, all links anew'),
        row(`fill ${FILLED_FIELDS} fields`, 'fill', filled),
      ],
    )
  } finally {
    await ours.stop()
    await libpdf.stop()
  }
}
