import { bytesSource, type OpenOptions, openPdf, type PdfDocument } from '../../src/pdf/index.ts'
import { type Damage, damages, tableDamages } from '../../src/pdf/testing/damage.ts'
import { buildEncrypted } from '../../src/pdf/testing/encrypted-builder.ts'
import { buildPdf, type Kind } from '../../src/pdf/testing/pdf-builder.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { buildArchive } from './engine-archive-file.ts'
import { buildLinearised } from './engine-linearised.ts'
import { hasTool, openDesk, run } from './engine-tools.ts'

/** A kind of document that is signed, and how it is opened. */
export type SampleFile = {
  readonly build: () => Buffer | Promise<Buffer>
  /** The document as it was before it was damaged. */
  readonly whole?: () => Buffer
  readonly open?: OpenOptions
  /** True when it has the empty signature field `Sig_A`. */
  readonly hasField?: true
}

const secret = { user: 'secret', owner: 'chief' }
const locked = { open: { password: secret.user }, hasField: true } as const

function damagedFile(kind: Kind, damage: Damage) {
  const whole = () => buildPdf(kind, { form: true })
  return { build: () => damage(whole()), whole, open: { damaged: 'repair' }, hasField: true } as const
}

/** All kinds of document of the matrix, by their names. */
export const sampleFiles = {
  plain: { build: () => buildPdf('table') },
  form: { build: () => buildPdf('table', { form: true }), hasField: true },
  'RC4-128': { build: () => buildEncrypted('table', 'RC4-128', secret), ...locked },
  'AES-128': { build: () => buildEncrypted('stream', 'AES-128', secret), ...locked },
  'AES-256': { build: () => buildEncrypted('object-streams', 'AES-256', secret), ...locked },
  'cross-reference stream': { build: () => buildPdf('stream', { form: true }), hasField: true },
  'object streams': { build: () => buildPdf('object-streams', { form: true }), hasField: true },
  hybrid: { build: () => buildPdf('hybrid', { form: true }), hasField: true },
  linearised: { build: buildLinearised, hasField: true },
  'linearised by qpdf': { build: () => byQpdf(buildPdf('table', { form: true, pages: 4 })), hasField: true },
  'PDF/A-2b': { build: () => buildArchive(2) },
  'wrong table': damagedFile('table', tableDamages['the offsets of the table are wrong']),
  'cut off': damagedFile('stream', damages['a hundred bytes are cut off']),
} as const satisfies Record<string, SampleFile>

export type FileName = keyof typeof sampleFiles
export const fileNames = Object.keys(sampleFiles) as readonly FileName[]

/** Where qpdf is missing, its own kind of file is the one of our builder. */
async function byQpdf(pdf: Buffer): Promise<Buffer> {
  if (!hasTool('qpdf')) return buildLinearised()
  const desk = await openDesk()
  const { code, out, text } = await run('qpdf', [
    ...['--linearize', '--object-streams=generate', '--deterministic-id'],
    ...[await desk.put(pdf, 'pdf'), '-'],
  ])
  await desk.remove()
  if (code !== 0) throw new Error(`qpdf does not write the file: ${text}`)
  return out
}

/** Opens a document of this kind in any state. */
export function openSample(name: FileName, pdf: Bytes): PdfDocument {
  const file: SampleFile = sampleFiles[name]
  return openPdf(bytesSource(pdf), file.open)
}
