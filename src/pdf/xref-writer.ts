import type { Bytes } from '../std/bytes.ts'

type Offsets = ReadonlyMap<number, { readonly offset: number; readonly generation: number }>

/** Groups ascending numbers into runs without gaps. */
function runsOf(offsets: Offsets): number[][] {
  const runs: number[][] = []
  for (const number of [...offsets.keys()].toSorted((a, b) => a - b)) {
    const run = runs.at(-1)
    if (run && run.at(-1) === number - 1) run.push(number)
    else runs.push([number])
  }
  return runs
}

/** A cross-reference table up to its keyword `trailer` (ISO 32000-2 7.5.4). */
export function xrefTable(offsets: Offsets): Bytes {
  let text = 'xref\n'
  for (const run of runsOf(offsets)) {
    text += `${run[0]} ${run.length}\n`
    for (const number of run) {
      const { offset, generation } = offsets.get(number) ?? { offset: 0, generation: 0 }
      text += `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n \n`
    }
  }
  return Buffer.from(`${text}trailer\n`)
}

const OFFSET_BYTES = 6
const ENTRY_BYTES = 1 + OFFSET_BYTES + 2

/** The data of a cross-reference stream with its /Index and /W (ISO 32000-2 7.5.8). */
export function xrefStreamBody(offsets: Offsets): { index: string; widths: string; data: Bytes } {
  const runs = runsOf(offsets)
  const data = Buffer.alloc(offsets.size * ENTRY_BYTES)
  runs.flat().forEach((number, i) => {
    const { offset, generation } = offsets.get(number) ?? { offset: 0, generation: 0 }
    data[i * ENTRY_BYTES] = 1
    data.writeUIntBE(offset, i * ENTRY_BYTES + 1, OFFSET_BYTES)
    data.writeUInt16BE(generation, i * ENTRY_BYTES + 1 + OFFSET_BYTES)
  })
  const index = runs.map((run) => `${run[0]} ${run.length}`).join(' ')
  return { index: `[${index}]`, widths: `[1 ${OFFSET_BYTES} 2]`, data }
}
