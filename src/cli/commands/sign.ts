import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { levels, type SignatureReport, signDocument } from '../../pades/index.ts'
import { formFields, type PdfDocument } from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { harmless } from '../../std/harmless.ts'
import { command } from '../command.ts'
import { Refused, refuseUsage } from '../errors.ts'
import { DOCUMENT_EXIT } from '../exit-code.ts'
import { type Output, table } from '../output.ts'
import { judgeGrown, requireLevel } from '../pdf/judge-growth.ts'
import { algorithmNamed, signerOptions } from '../pdf/open-signer.ts'
import { openSigning, type Signing } from '../pdf/open-signing.ts'
import { inputOptions, targetOptions, trustOptions } from '../pdf/options.ts'
import { readWishes, wishOptions } from '../pdf/signature-wishes.ts'
import { openTarget, requireFree, type Target } from '../pdf/target.ts'
import { withDocument } from '../pdf/with-document.ts'
import { certificateToPem } from '../pem.ts'
import { oneOf } from '../read-arguments.ts'

export const sign = command({
  about:
    'Appends a signature; the bytes that are there stay as they are. Without --key a demo signer signs, under an\n' +
    'authority that is made for this run and that nobody trusts: for trying out, offline. What comes out is validated\n' +
    'before it is written: a level that is not reached leaves no file.',
  operands: { file: { value: 'IN', about: 'The PDF.' } },
  options: {
    ...targetOptions,
    level: { type: 'string', value: levels.join('|'), about: 'What the signature is to have; B-B if not given.' },
    ...wishOptions,
    ...signerOptions,
    ...trustOptions,
    'demo-root': { type: 'string', value: 'FILE', about: "Where to leave the demo authority's root, PEM." },
    ...inputOptions,
  },
  async run(_tools, { operands: { file }, options }, output) {
    const level = oneOf('level', options.level ?? 'B-B', levels)
    const wanted = algorithmNamed(options.algorithm)
    const wishes = await readWishes(options)
    const target = await openTarget(file, options)
    await requirePlaceForRoot(options)
    const clock = () => new Date()
    const signing = await openSigning({ ...options, level, wanted }, { clock, random: randomBytes })
    return await withDocument(file, options, output, async (document) => {
      const before = signedNames(document)
      const tail = await signDocument(document, { ...wishes, ...signing, level, signedAt: clock() })
      const { signatures } = await judgeGrown(document, tail, { anchors: signing.anchors, time: clock() })
      const made = signatures.find(({ field }) => !before.has(field))
      if (!made) throw new Error('the signature that was just made is not in the document')
      requireLevel(made, level)
      await target.write(tail, document.source.size)
      await leaveRoot(options['demo-root'], signing)
      tell(output, { made, signing, target, tail, earlier: signatures.filter((one) => one !== made) })
      return DOCUMENT_EXIT.fine
    })
  },
})

function signedNames(document: PdfDocument): Set<string> {
  return new Set(formFields(document).flatMap(({ name, type, value }) => (type === 'Sig' && value ? [name] : [])))
}

/** @throws UsageError where no demo is wanted, Refused where something is already */
async function requirePlaceForRoot(options: {
  readonly 'demo-root': string | undefined
  readonly key: string | undefined
  readonly force: boolean
}): Promise<void> {
  const { 'demo-root': path, key, force } = options
  if (path === undefined) return
  if (key !== undefined) refuseUsage('--demo-root is for the demo signer, who signs without --key.')
  await requireFree(path, force)
}

async function leaveRoot(path: string | undefined, { demoRoot }: Signing): Promise<void> {
  if (path === undefined || !demoRoot) return
  await writeFile(path, certificateToPem(demoRoot)).catch((cause: unknown) => {
    throw new Refused('output.unwritable', `${path} cannot be written: ${String(cause)}`)
  })
}

type Done = {
  readonly made: SignatureReport
  readonly earlier: readonly SignatureReport[]
  readonly signing: Signing
  readonly target: Target
  readonly tail: Bytes
}

const DEMO =
  'This is a demo signature: its authority was made for this run, is not a qualified one, and nobody trusts it.'

const STRANGER = 'Without --trust nobody looked whether the time-stamp comes from an authority that is trusted.'

function tell(output: Output, { made, earlier, signing, target, tail }: Done): void {
  const { field, format, signer, timestamps } = made
  const isDemo = signing.demoRoot !== undefined
  const broken = earlier.filter(({ indication }) => indication === 'TOTAL-FAILED').map((one) => one.field)
  const [timestamp] = timestamps
  const rows = [
    ['file', target.path],
    ['field', field],
    ['level', format],
    ['signer', signer?.subject ?? ''],
    ...(timestamp?.time
      ? [['time-stamp', `${timestamp.time.toISOString()} ${timestamp.authority?.subject ?? ''}`]]
      : []),
  ]
  for (const line of table(rows)) output.say(harmless(line))
  if (isDemo) output.say(output.tone('doubtful', DEMO))
  if (timestamp && signing.anchors.length === 0) output.say(output.tone('doubtful', STRANGER))
  if (broken.length > 0) output.say(output.tone('bad', harmless(`Not valid before either: ${broken.join(', ')}.`)))
  output.give({
    file: target.path,
    field,
    level: format,
    signer,
    timestamp: timestamp?.time,
    isDemo,
    bytesAppended: tail.length,
    brokenBefore: broken,
  })
}
