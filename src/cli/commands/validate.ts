import { readFile } from 'node:fs/promises'
import { type Report, type SignatureReport, validate as validateSignatures } from '../../pades/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { command } from '../command.ts'
import { UsageError } from '../errors.ts'
import { EXIT } from '../exit-code.ts'
import { openFileSource, unreadable } from '../file-source.ts'
import { type Output, type Tone, table } from '../output.ts'
import { certificatesIn } from '../pem.ts'
import type { Tools } from '../tools.ts'
import { withPlatform } from '../with-platform.ts'

export const validate = command({
  name: 'validate',
  summary: 'Validate the signatures of a PDF',
  about:
    'Checks chain, digest, form and coverage of every signature. Revocation is not checked, which the answer says.\n' +
    'Without --root the root of this installation is trusted, if there is one. 0 only if every signature passes.',
  operands: { file: { value: 'FILE', about: 'The PDF.' } },
  options: {
    root: { type: 'string', value: 'FILE', multiple: true, about: 'A certificate to trust instead, PEM or DER.' },
  },
  async run(tools, { operands: { file }, options }, output) {
    const source = openFileSource(file)
    try {
      const trustAnchors = options.root.length > 0 ? await readRoots(options.root) : await ownRoots(tools)
      const report = await validateSignatures(source, { trustAnchors, time: new Date(), revocation: 'none' })
      tell(output, report, trustAnchors.length)
      output.give({ file, trustAnchors: trustAnchors.length, ...report })
      return report.indication === 'TOTAL-PASSED' ? EXIT.fine : EXIT.no
    } finally {
      source.close()
    }
  },
})

async function readRoots(paths: readonly string[]): Promise<readonly Bytes[]> {
  const roots: Bytes[] = []
  for (const path of paths) {
    const content = await readFile(path).catch((error: unknown) => {
      throw unreadable(path, error)
    })
    try {
      roots.push(...certificatesIn(content))
    } catch (cause) {
      throw new UsageError('usage.unreadable_file', `${path} holds no certificate in PEM or DER.`, {}, { cause })
    }
  }
  return roots
}

async function ownRoots(tools: Tools): Promise<readonly Bytes[]> {
  const { exists } = await tools.installation()
  if (!exists) return []
  return await withPlatform(tools, async ({ authority }) => [authority.rootCertificate])
}

const TONES = {
  'TOTAL-PASSED': 'good',
  INDETERMINATE: 'doubtful',
  'TOTAL-FAILED': 'bad',
  NO_SIGNATURE: 'doubtful',
} as const satisfies Record<Report['indication'], Tone>

function tell(output: Output, { indication, signatures }: Report, anchors: number): void {
  output.say(output.tone(TONES[indication], indication === 'NO_SIGNATURE' ? 'There is no signature.' : indication))
  if (anchors === 0) output.say('Nothing is trusted: name a root with --root, or an installation with CHANCERY_DATA.')
  for (const signature of signatures) {
    output.say()
    output.say(output.tone('strong', signature.field))
    for (const line of table(rowsOf(signature))) output.say(`  ${line}`)
  }
}

const COVERAGE = {
  whole_document: 'the whole document',
  whole_revision: 'the whole document as it was then; see what came later',
  unclear: 'unclear',
} as const satisfies Record<SignatureReport['coverage'], string>

function rowsOf(signature: SignatureReport): string[][] {
  const { indication, subIndication, signer, claimedAt, coverage, format, problems, findings } = signature
  return [
    ['verdict', subIndication === undefined ? indication : `${indication}, ${subIndication}`],
    ...(signer
      ? [
          ['signer', signer.subject],
          ['issuer', signer.issuer],
        ]
      : []),
    ...(claimedAt ? [['claimed time', `${claimedAt.toISOString()}, which nothing proves`]] : []),
    ['covers', COVERAGE[coverage]],
    ['form', format],
    ...signature.changes.flat().map((change) => ['later', nameOf(change)]),
    ...problems.map(({ message }) => ['problem', message]),
    ...findings.map(({ message }) => ['note', message]),
    ...signature.notChecked.map((what) => ['not checked', what]),
  ]
}

function nameOf(change: SignatureReport['changes'][number][number]): string {
  switch (change.kind) {
    case 'signature':
      return `${change.visible ? 'a visible' : 'an invisible'} signature in ${change.field}`
    case 'timestamp':
      return `a document time-stamp in ${change.field}`
    case 'extension':
      return 'certificates and revocation data for the signatures'
    case 'field':
      return `a new signature field ${change.field}`
    case 'form_fill':
      return `the field ${change.field} was filled in`
    case 'annotation':
      return `an annotation (${change.subtype}) on page ${change.page + 1}`
    case 'metadata':
    case 'document_information':
      return 'the description of the document'
    case 'undefined':
      return `something that no rule allows: ${change.what}`
  }
}
