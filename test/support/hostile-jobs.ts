import { readFileSync, writeFileSync } from 'node:fs'
import { serveJobs } from '../../src/pades/confined/serve-jobs.ts'
import { PdfError } from '../../src/pdf/index.ts'

const MEBIBYTE = 1 << 20

/** Never gives way. */
function loop(): never {
  for (;;) Math.sqrt(2)
}

/** Takes memory outside the heap, which a limit of the heap alone does not hold. */
function fillBuffers(): number {
  const taken: Buffer[] = []
  for (let i = 0; i < 100_000; i++) taken.push(Buffer.alloc(MEBIBYTE, i))
  return taken.length
}

/** Takes memory in the heap. */
function fillHeap(): number {
  const taken: string[][] = []
  for (let i = 0; i < 1e9; i++) taken.push(Array.from({ length: 1000 }, (_, k) => `${i} ${k}`))
  return taken.length
}

function crash(): never {
  process.abort()
}

function fail(): never {
  throw new TypeError('nobody foresaw this')
}

function failLater(): void {
  setTimeout(fail, 1)
}

function refuse(): never {
  throw new PdfError('pdf.damaged', 'the file is damaged', { what: 'test' })
}

/** Waits in an orderly way. */
async function wait({ ms }: { readonly ms: number }): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, ms))
  return process.pid
}

function environment(): Record<string, string | undefined> {
  return { ...process.env }
}

function write({ path }: { readonly path: string }): number {
  writeFileSync(path, 'written')
  return readFileSync(path).length
}

export const jobs = {
  loop,
  fillBuffers,
  fillHeap,
  crash,
  fail,
  failLater,
  refuse,
  wait,
  environment,
  write,
  double: (input: { readonly value: number; readonly at: Date }) => ({ value: 2 * input.value, at: input.at }),
}

serveJobs(jobs)
