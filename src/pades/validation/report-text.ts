import { harmless } from '../../std/harmless.ts'
import type { Change } from '../difference/change.ts'
import { adviceFor } from './advice.ts'
import type { Problem, Verdict } from './problem.ts'
import type { ChainLink, DocumentTimestampReport, Report, SignatureReport, TimestampReport } from './report.ts'

/** A report for people: what holds, what came later, and what to do. Each signature fits on a screen. */
export function reportText(report: Report): string {
  const parts = [
    summary(report),
    ...report.signatures.map((one) => signatureText(one)),
    ...report.timestamps.map((one) => documentTimestampText(one)),
  ]
  return `${parts.map((lines) => lines.map(harmless).join('\n')).join('\n\n')}\n`
}

const headlines: Readonly<Record<Report['indication'], string>> = {
  'TOTAL-PASSED': 'All signatures are valid.',
  INDETERMINATE: 'It cannot be decided whether all signatures are valid.',
  'TOTAL-FAILED': 'At least one signature is not valid.',
  NO_SIGNATURE: 'There is no signature.',
}

function summary({ indication, signatures, timestamps, time, findings }: Report): string[] {
  const count = signatures.length === 1 ? '1 signature' : `${signatures.length} signatures`
  const isBroken = timestamps.some((one) => one.indication === 'TOTAL-FAILED')
  const broken = isBroken ? ['A document time-stamp is not valid: what came after the signatures was changed.'] : []
  const notes = findings.map(({ message }) => `Note: ${message}`)
  return [`${headlines[indication]} ${count}, judged for ${momentText(time)}.`, ...broken, ...notes]
}

function signatureText(signature: SignatureReport): string[] {
  const { field, signer, provenAt, claimedAt, coverage, changes, format, problems, findings, timestamps } = signature
  const proven = provenAt && [`Existed at the latest on ${momentText(provenAt)}, which a time-stamp proves.`]
  const claimed = claimedAt && [`Claims to be of ${momentText(claimedAt)}, which nothing proves.`]
  return [
    `Signature ${field}: ${verdictText(signature)}`,
    ...(signer ? indented(`Signer: ${signer.subject}`, `Issued by: ${signer.issuer}`) : []),
    ...indented(...(proven ?? claimed ?? [])),
    ...indented(coverageText[coverage]),
    ...indented(...changes.flat().map((change) => `Later: ${changeText(change)}`)),
    ...indented(format === 'other' ? 'Not a PAdES baseline signature.' : `Level: ${format}`),
    ...indented(...signature.chain.flatMap(revocationText)),
    ...timestamps.flatMap((one) => indented(...ownTimestampText(one))),
    ...problemTexts(problems),
    ...indented(...findings.map(({ message }) => `Note: ${message}`)),
    ...indented(...signature.notChecked.map((what) => `Not checked: ${what}`)),
  ]
}

function ownTimestampText(timestamp: TimestampReport): string[] {
  const { problems, findings } = timestamp
  const notes = [...problems, ...findings].map(({ message }) => `Note: ${message}`)
  return [...timestampText('Time-stamp in the signature', timestamp), ...indented(...notes)]
}

function documentTimestampText(timestamp: DocumentTimestampReport): string[] {
  const { field, coverage, problems, findings } = timestamp
  return [
    ...timestampText(`Document time-stamp ${field}`, timestamp),
    ...indented(coverageText[coverage]),
    ...indented(...timestamp.chain.flatMap(revocationText)),
    ...problemTexts(problems),
    ...indented(...findings.map(({ message }) => `Note: ${message}`)),
  ]
}

function timestampText(what: string, timestamp: TimestampReport): string[] {
  const { time, authority } = timestamp
  const of = time ? ` of ${momentText(time)}` : ''
  const by = authority ? ` by ${authority.commonName ?? authority.subject}` : ''
  return [`${what}${of}${by}: ${verdictText(timestamp)}`]
}

const verdicts = { 'TOTAL-PASSED': 'valid', INDETERMINATE: 'undecided', 'TOTAL-FAILED': 'not valid' } as const

function verdictText({ indication, subIndication }: Verdict): string {
  const code = subIndication === undefined ? indication : `${indication}, ${subIndication}`
  return `${verdicts[indication]} (${code})`
}

const coverageText: Readonly<Record<SignatureReport['coverage'], string>> = {
  whole_document: 'Covers the whole document.',
  whole_revision: 'Covers the whole document as it was then; it grew later.',
  unclear: 'It is unclear what it covers.',
}

function revocationText({ commonName, subject, revocation }: ChainLink): string[] {
  if (revocation?.status !== 'revoked' || !revocation.revokedAt) return []
  const reason = revocation.reason ? ` (${revocation.reason})` : ''
  return [`Revoked: ${commonName ?? subject} on ${momentText(revocation.revokedAt)}${reason}`]
}

function problemTexts(problems: readonly Problem[]): string[] {
  const advice = new Set(problems.map(({ subIndication }) => adviceFor[subIndication]))
  return indented(
    ...problems.map(({ message }) => `Problem: ${message}`),
    ...[...advice].map((text) => `What to do: ${text}`),
  )
}

/** What a later revision did, in the words of the report. */
export function changeText(change: Change): string {
  return `${deedText(change)}${change.allowed || change.kind === 'undefined' ? '' : ', which was forbidden'}`
}

function deedText(change: Change): string {
  switch (change.kind) {
    case 'signature':
      return `${change.visible ? 'a visible' : 'an invisible'} signature in ${change.field}`
    case 'timestamp':
      return `a document time-stamp in ${change.field}`
    case 'extension':
      return change.what === 'security_store' ? 'evidence for the signatures' : 'the extensions that the file names'
    case 'field':
      return `a new field for a signature, ${change.field}`
    case 'form_fill':
      return `the field ${change.field} was filled in`
    case 'annotation':
      return `an annotation (${change.subtype}) on page ${change.page + 1}${change.covers ? ', over its content' : ''}`
    case 'document_information':
      return 'the description of the document'
    case 'metadata':
      return 'the metadata of the document'
    case 'undefined':
      return `something that no rule allows: ${change.what}`
  }
}

function indented(...lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

/** To the second, in universal time. */
function momentText(time: Date): string {
  return `${time.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
