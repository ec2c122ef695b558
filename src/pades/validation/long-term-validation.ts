import type { PdfDocument } from '../../pdf/index.ts'
import { gatherEvidence } from './gather-evidence.ts'
import { type Facts, gatherFacts, placeOf, type TimestampFacts } from './gather-facts.ts'
import { verdictOf } from './problem.ts'
import { covers, ProofsOfExistence } from './proofs-of-existence.ts'
import { reachedLevel } from './reached-level.ts'
import type { DocumentTimestampReport, Report, SignatureReport } from './report.ts'
import { judgeSignature } from './signature-validation.ts'
import { judgeToken } from './timestamp-validation.ts'
import type { ValidationContext } from './validation-context.ts'
import type { PreparedPolicy } from './validation-policy.ts'

/**
 * Long-term validation (EN 319 102-1 5.6.3): the document time-stamps first, the newest before the older ones that
 * it covers, as each proves when everything below it existed; then the signatures by what is proved.
 */
export async function validateDocument(document: PdfDocument, policy: PreparedPolicy): Promise<Report> {
  const all = await gatherFacts(document)
  const evidence = gatherEvidence(document, all, policy)
  const proofs = new ProofsOfExistence(policy.time)
  const stamps = all.filter((facts) => facts.kind === 'timestamp')
  const intermediates = [...policy.intermediates, ...evidence.certificates]
  const context: ValidationContext = { policy, evidence, intermediates, proofs }
  const reports = await judgeTimestamps(stamps, context)
  const signatures: SignatureReport[] = []
  for (const facts of all) {
    if (facts.kind === 'misplaced') signatures.push(misplaced(facts, policy))
    if (facts.kind !== 'signature') continue
    const format = reachedLevel(facts, stamps, context)
    signatures.push(await judgeSignature(facts, latestCovered(facts, reports), format, context))
  }
  const timestamps = stamps.flatMap((stamp) => reports.get(stamp) ?? [])
  const { findings } = evidence
  return { indication: worstOf(signatures), time: policy.time, signatures, timestamps, findings }
}

async function judgeTimestamps(
  stamps: readonly TimestampFacts[],
  context: ValidationContext,
): Promise<ReadonlyMap<TimestampFacts, DocumentTimestampReport>> {
  const reports = new Map<TimestampFacts, DocumentTimestampReport>()
  for (const stamp of stamps.toSorted((a, b) => b.placed.byteRange[2] - a.placed.byteRange[2])) {
    const { field, dictionary, revisions, placed, token } = stamp
    const judged = await judgeToken(token, context)
    const problems = [...dictionary.problems, ...revisions.problems, ...judged.problems]
    const { coverage, changes } = revisions
    const findings = [...revisions.findings, ...judged.findings]
    const report = { ...judged, ...verdictOf(problems), problems, findings, field: field.name, coverage, changes }
    if (report.indication === 'TOTAL-PASSED' && judged.time) context.proofs.add(placed.byteRange, judged.time)
    reports.set(stamp, report)
  }
  return reports
}

/** The time of the latest valid document time-stamp under a signature, which is therefore younger. */
function latestCovered(
  { placed }: { readonly placed: TimestampFacts['placed'] },
  reports: ReadonlyMap<TimestampFacts, DocumentTimestampReport>,
): Date | undefined {
  const times = [...reports].flatMap(([stamp, { indication, time }]) =>
    indication === 'TOTAL-PASSED' && time && covers(placed.byteRange, placeOf(stamp.placed)) ? [time] : [],
  )
  return times.reduce<Date | undefined>((a, b) => (a === undefined || b > a ? b : a), undefined)
}

function misplaced({ field, problem }: Extract<Facts, { kind: 'misplaced' }>, policy: PreparedPolicy): SignatureReport {
  return {
    ...verdictOf([problem]),
    field: field.name,
    problems: [problem],
    findings: [],
    format: 'other',
    coverage: 'unclear',
    changes: [],
    chain: [],
    timestamps: [],
    notChecked: policy.revocation === 'none' ? ['revocation'] : [],
  }
}

function worstOf(signatures: readonly SignatureReport[]): Report['indication'] {
  const verdicts = signatures.map(({ indication }) => indication)
  const order = ['TOTAL-FAILED', 'INDETERMINATE', 'TOTAL-PASSED'] as const
  return order.find((one) => verdicts.includes(one)) ?? 'NO_SIGNATURE'
}
