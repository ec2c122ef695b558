/** Writes the sample agreement, in both ways in which a PDF can find its objects: `node scripts/make-sample.ts`. */
import { writeFileSync } from 'node:fs'
import { makeContract } from './sample/contract.ts'

const SAMPLES = [
  ['contract.pdf', 'streams'],
  ['contract-classic.pdf', 'table'],
] as const

for (const [name, style] of SAMPLES) {
  const bytes = makeContract(style)
  writeFileSync(new URL(`../samples/${name}`, import.meta.url), bytes)
  process.stdout.write(`samples/${name}: ${bytes.length} bytes\n`)
}
