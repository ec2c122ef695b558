import { type Level, levels } from '../../src/pades/index.ts'
import type { PdfDocument } from '../../src/pdf/index.ts'
import { asBuffer } from '../../src/std/bytes.ts'
import { baselineFaults } from './engine-baseline.ts'
import { type FileName, fileNames, openSample, type SampleFile, sampleFiles } from './engine-files.ts'
import { type KeyName, keyNames, sampleKey } from './engine-keys.ts'
import type { Objection } from './engine-openssl.ts'
import { evidenceIn, type StatusKind, type Workshop } from './engine-workshop.ts'

/** Which signature of its document it is. */
export const positions = { first: 0, second: 1, tenth: 9 } as const
export type Position = keyof typeof positions
const positionNames = Object.keys(positions) as readonly Position[]

/** A signature of the matrix. */
export type MatrixCase = {
  readonly level: Level
  readonly key: KeyName
  readonly file: FileName
  readonly position: Position
}

/** All there are. */
export function everyCase(): MatrixCase[] {
  return levels.flatMap((level) =>
    keyNames.flatMap((key) =>
      fileNames.flatMap((file) => positionNames.map((position) => ({ level, key, file, position }))),
    ),
  )
}

/**
 * Fewer: for each key and file one, with levels and positions in turn, so that any two things that can come together
 * do so in one of them at least.
 */
export function pairedCases(): MatrixCase[] {
  return keyNames.flatMap((key, k) =>
    fileNames.map((file, f) => ({
      key,
      file,
      level: levels[(k + f) % levels.length] ?? 'B-B',
      position: positionNames[(k + 2 * f) % positionNames.length] ?? 'first',
    })),
  )
}

/** Lists for every second kind of file, so that both kinds of evidence meet every level and position. */
function statusFor(file: FileName): StatusKind {
  return fileNames.indexOf(file) % 2 === 0 ? 'ocsp' : 'crl'
}

/** An invisible signature first, in the field that waits for it where there is one; then visible ones. */
function fieldFor(file: FileName, position: Position) {
  const { hasField }: SampleFile = sampleFiles[file]
  if (position === 'first') return { field: hasField ? { existing: 'Sig_A' } : { name: 'New' } }
  const page = position === 'second' ? 0 : 1
  const field = { name: 'New', page, rectangle: [60, 200, 300, 260] as const }
  return { field, appearance: { lines: ['Ana Ruiz', 'Acepto las condiciones'] }, reason: 'Acepto ñ €' }
}

/** Signs, and gives what any judge has against it beside what is explained. */
export async function judgeCase(workshop: Workshop, { level, key, file, position }: MatrixCase): Promise<Objection[]> {
  const { judges, signer, sign, signedBefore } = workshop
  const before = await signedBefore(file, positions[position])
  const after = await sign(openSample(file, before), before, {
    level,
    signer: signer(key, 'Ana Ruiz'),
    status: statusFor(file),
    ...fieldFor(file, position),
  })
  const document = openSample(file, after)
  const { open = {} }: SampleFile = sampleFiles[file]
  const said = await Promise.all([
    judges.pdfsig(after, open.password),
    judges.qpdf(before, after, open.password),
    judges.containers(after),
    judges.evidence(evidenceIn(document)),
    judgeOurselves(workshop, after, { level, file, position }),
  ])
  const own = faultsOf(workshop, after, document, level).map((says) => ({ judge: 'table 1', says }))
  const kept = asBuffer(after).subarray(0, before.length).equals(before)
  const touched = kept ? [] : [{ judge: 'prefix', says: 'earlier bytes are others' }]
  return unexplained(key, [...said.flat(), ...own, ...touched])
}

function faultsOf({ world }: Workshop, pdf: Buffer, document: PdfDocument, level: Level): string[] {
  const [anchor] = world.evidence.anchors
  return anchor ? baselineFaults(pdf, { evidence: evidenceIn(document), anchor }, level) : ['nobody is trusted']
}

async function judgeOurselves(
  workshop: Workshop,
  pdf: Buffer,
  { level, file, position }: Omit<MatrixCase, 'key'>,
): Promise<Objection[]> {
  const { signatures, timestamps } = await workshop.validate(openSample(file, pdf))
  const objections: string[] = []
  if (signatures.length !== positions[position] + 1) objections.push(`${signatures.length} signatures`)
  for (const { field, indication, reason } of [...signatures, ...timestamps])
    if (indication !== 'TOTAL-PASSED') objections.push(`${field}: ${indication}, ${reason?.message}`)
  const { field } = fieldFor(file, position)
  const name = 'existing' in field ? field.existing : field.name
  const format = signatures.find((one) => one.field === name)?.format
  if (format !== `PAdES-${level}`) objections.push(`${name} is at ${format}`)
  return objections.map((says) => ({ judge: 'validate', says }))
}

function unexplained(key: KeyName, objections: readonly Objection[]): Objection[] {
  const { explained = [] } = sampleKey(key)
  const isIt = (known: Objection, one: Objection) => known.judge === one.judge && one.says.includes(known.says)
  return objections.filter((one) => !explained.some((known) => isIt(known, one)))
}
