import { lastXref } from './samples.ts'

/** A revision written by hand: what no writer of ours would write. */
export type RawRevision = {
  /** Objects with their generation in the key, `11 0`. */
  readonly objects?: Readonly<Record<string, string>>
  /** Lines of the cross-reference table by object number. */
  readonly lines?: Readonly<Record<number, string>>
  /** The trailer without /Size and /Prev. */
  readonly trailer?: string
  readonly size?: number
  readonly prev?: number
  /** What stands before the objects. */
  readonly before?: string
}

/** An entry of a table. */
export function line(offset: number, generation = 0, kind: 'n' | 'f' = 'n'): string {
  return `${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} ${kind} \n`
}

export const freed = line(0, 1, 'f')

/** Appends a revision with a table to a document that has tables. */
export function withRawRevision(pdf: Buffer, revision: RawRevision): Buffer {
  const { objects = {}, lines = {}, trailer = '/Root 1 0 R', size = 100, prev = lastXref(pdf), before = '' } = revision
  const table = new Map(Object.entries(lines).map(([number, text]) => [Number(number), text]))
  let body = before
  for (const [key, value] of Object.entries(objects)) {
    const [number = 0, generation = 0] = key.split(' ').map(Number)
    table.set(number, line(pdf.length + body.length, generation))
    body += `${key} obj\n${value}\nendobj\n`
  }
  const runs = [...table].toSorted(([a], [b]) => a - b).map(([number, text]) => `${number} 1\n${text}`)
  const at = pdf.length + body.length
  const end = `trailer\n<</Size ${size}/Prev ${prev}${trailer}>>\nstartxref\n${at}\n%%EOF\n`
  return Buffer.concat([pdf, Buffer.from(`${body}xref\n${runs.join('')}${end}`, 'latin1')])
}
