import { randomBytes } from 'node:crypto'
import { extend as extendDocument, levels, type Report, type SignatureReport, validate } from '../../pades/index.ts'
import { harmless } from '../../std/harmless.ts'
import { command } from '../command.ts'
import { Refused } from '../errors.ts'
import { DOCUMENT_EXIT } from '../exit-code.ts'
import { table } from '../output.ts'
import { judgeGrown, requireLevel } from '../pdf/judge-growth.ts'
import { networkExchange, openEvidence, openTimestamper, requireServices } from '../pdf/open-services.ts'
import { inputOptions, targetOptions, trustOptions } from '../pdf/options.ts'
import { readCertificates } from '../pdf/read-given.ts'
import { openTarget } from '../pdf/target.ts'
import { withDocument } from '../pdf/with-document.ts'
import { oneOf } from '../read-arguments.ts'

const HIGHER_LEVELS = levels.filter((level) => level !== 'B-B')

export const extend = command({
  about:
    'Appends time-stamps and the evidence that validating takes once nobody can be asked any more. A document with a\n' +
    'signature that is not valid is refused. With B-LTA there is always one more time-stamp: that is how an archive is\n' +
    'renewed before the certificate of the last one expires.',
  operands: { file: { value: 'IN', about: 'The signed PDF.' } },
  options: {
    ...targetOptions,
    level: {
      type: 'string',
      required: true,
      value: HIGHER_LEVELS.join('|'),
      about: 'What the signatures are to have.',
    },
    field: { type: 'string', value: 'NAME', multiple: true, about: 'A signature to extend; all of them if not given.' },
    ...trustOptions,
    ...inputOptions,
  },
  async run(_tools, { operands: { file }, options }, output) {
    const level = oneOf('level', options.level, HIGHER_LEVELS)
    requireServices(level, options)
    const target = await openTarget(file, options)
    const clock = () => new Date()
    const anchors = await readCertificates(options.trust)
    const asking = { exchange: networkExchange(), tsa: options.tsa, anchors, clock, random: randomBytes }
    return await withDocument(file, options, output, async (document) => {
      requireUnbroken(await validate(document, { trustAnchors: anchors, time: clock() }))
      const tail = await extendDocument(document, {
        level,
        timestamper: openTimestamper(asking),
        evidence: openEvidence(asking),
        now: clock(),
        ...(options.field.length > 0 && { fields: options.field }),
      })
      const report = await judgeGrown(document, tail, { anchors, time: clock() })
      const isWanted = ({ field }: SignatureReport) => options.field.length === 0 || options.field.includes(field)
      const signatures = report.signatures.filter(isWanted)
      for (const signature of signatures) requireLevel(signature, level)
      await target.write(tail, document.source.size)
      for (const line of table([['file', target.path], ...signatures.map(({ field, format: has }) => [field, has])]))
        output.say(harmless(line))
      if (tail.length === 0) output.say('Nothing was missing: the file is as it was.')
      const reached = signatures.map(({ field, format: has, indication }) => ({ field, level: has, indication }))
      output.give({ file: target.path, bytesAppended: tail.length, signatures: reached })
      return DOCUMENT_EXIT.fine
    })
  },
})

/** What is not valid must not get a time-stamp that seems to say otherwise. @throws Refused */
function requireUnbroken({ signatures, timestamps }: Report): void {
  for (const { field, indication, reason } of [...signatures, ...timestamps]) {
    if (indication !== 'TOTAL-FAILED') continue
    throw new Refused('extend.broken', `${field} is not valid: ${reason?.message ?? ''}`, { field })
  }
}
