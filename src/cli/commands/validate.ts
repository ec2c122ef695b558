import { basename } from 'node:path'
import {
  hashPrefix,
  onlineEvidence,
  type Report,
  reportText,
  reportXml,
  validate as validateSignatures,
} from '../../pades/index.ts'
import type { PdfDocument } from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { command } from '../command.ts'
import { refuseUsage } from '../errors.ts'
import { DOCUMENT_EXIT, type ExitCode } from '../exit-code.ts'
import type { Output, Tone } from '../output.ts'
import { networkExchange } from '../pdf/open-services.ts'
import { inputOptions } from '../pdf/options.ts'
import { readCertificates } from '../pdf/read-given.ts'
import { withDocument } from '../pdf/with-document.ts'
import { momentOf, oneOf } from '../read-arguments.ts'
import type { Tools } from '../tools.ts'
import { withPlatform } from '../with-platform.ts'

export const validate = command({
  about:
    'Validates every signature and time-stamp by ETSI EN 319 102-1. Whom nobody is known to have revoked is not taken\n' +
    'for good: what the document lacks is asked for with --online, or left undecided. Without --trust the root of this\n' +
    'installation is trusted, if there is one.',
  operands: { file: { value: 'FILE', about: 'The PDF.' } },
  options: {
    trust: { type: 'string', value: 'CERT', multiple: true, about: 'A root to trust, PEM or DER.' },
    root: { type: 'string', value: 'CERT', multiple: true, about: 'Another name of --trust.' },
    time: { type: 'string', value: 'ISO', about: 'Judge for this moment instead of now.' },
    revocation: { type: 'string', value: 'require|none', about: 'none leaves revocation aside, which is told.' },
    online: { type: 'boolean', about: 'Ask the addresses in the certificates about revocation.' },
    text: { type: 'boolean', about: 'Print text, as without it.' },
    xml: { type: 'boolean', about: 'Print the report of ETSI TS 119 102-2.' },
    ...inputOptions,
  },
  async run(tools, { operands: { file }, options }, output) {
    if ([output.json, options.xml, options.text].filter(Boolean).length > 1)
      refuseUsage('--json, --xml and --text exclude each other.')
    const revocation = oneOf('revocation', options.revocation ?? 'require', ['require', 'none'])
    const time = options.time === undefined ? new Date() : momentOf('time', options.time)
    const named = [...options.trust, ...options.root]
    return await withDocument(file, options, output, async (document) => {
      const trustAnchors = named.length > 0 ? await readCertificates(named) : await ownRoots(tools)
      const online = options.online && onlineEvidence({ exchange: networkExchange(), now: () => new Date() })
      const fetch = online ? { fetch: online.status } : {}
      const report = await validateSignatures(document, { trustAnchors, time, revocation, ...fetch })
      if (options.xml) output.say((await xmlOf(report, document, file)).trimEnd())
      else tell(output, report, trustAnchors.length)
      output.give({ file, trustAnchors: trustAnchors.length, ...report })
      return EXITS[report.indication]
    })
  },
})

const EXITS = {
  'TOTAL-PASSED': DOCUMENT_EXIT.fine,
  'TOTAL-FAILED': DOCUMENT_EXIT.no,
  INDETERMINATE: DOCUMENT_EXIT.undecided,
  NO_SIGNATURE: DOCUMENT_EXIT.undecided,
} as const satisfies Record<Report['indication'], ExitCode>

/** Without an installation nobody is trusted. */
async function ownRoots(tools: Tools): Promise<readonly Bytes[]> {
  const { exists } = await tools.installation()
  if (!exists) return []
  return await withPlatform(tools, async ({ authority }) => [authority.rootCertificate])
}

async function xmlOf(report: Report, { source }: PdfDocument, file: string): Promise<string> {
  const hash = (await hashPrefix(source, 'sha256')).digest()
  return reportXml(report, { name: basename(file), digest: { algorithm: 'sha256', hash } })
}

const TONES = {
  'TOTAL-PASSED': 'good',
  INDETERMINATE: 'doubtful',
  'TOTAL-FAILED': 'bad',
  NO_SIGNATURE: 'doubtful',
} as const satisfies Record<Report['indication'], Tone>

function tell(output: Output, report: Report, anchors: number): void {
  output.say(output.tone(TONES[report.indication], report.indication))
  if (anchors === 0) output.say('Nothing is trusted: name a root with --trust, or an installation with CHANCERY_DATA.')
  output.say(reportText(report).trimEnd())
}
