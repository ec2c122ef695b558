import { createHash } from 'node:crypto'
import { type Field, formFields, openPdf, PdfDocument, type Source } from '../pdf/index.ts'
import { type Certificate, type DigestAlgorithm, nameText, OID, serialText, valuesOf } from '../pki/index.ts'
import type { Bytes } from '../std/bytes.ts'
import { checkChain, type ReadPolicy, readPolicy, type TrustPolicy } from './chain-check.ts'
import { checkContainer } from './container-check.ts'
import { changesBetween } from './difference.ts'
import { hashRange } from './document-digest.ts'
import { signedFields } from './permissions.ts'
import {
  type Change,
  decidingProblem,
  type Finding,
  failed,
  type Problem,
  type Report,
  type SignatureReport,
  type SignerReport,
} from './report.ts'
import { type PlacedSignature, placeSignature } from './signature-dictionary.ts'
import { signedRevision } from './signed-revision.ts'

/** What is written down while a signature is looked at. */
type Notes = {
  readonly problems: Problem[]
  readonly findings: Finding[]
  readonly changes: (readonly Change[])[]
  coverage: SignatureReport['coverage']
  signer?: SignerReport
  claimedAt?: Date
}

const SUB_FILTERS = ['ETSI.CAdES.detached', 'adbe.pkcs7.detached']

/**
 * Validates every signature of a document. What is wrong with a signature is a value in the report; thrown are
 * `PdfError` for a document that cannot be read strictly, and `PkiError` for a trust anchor that cannot be read.
 */
export async function validate(input: Source | PdfDocument, trust: TrustPolicy): Promise<Report> {
  const document = input instanceof PdfDocument ? input : openPdf(input)
  const policy = readPolicy(trust)
  const signatures: SignatureReport[] = []
  for (const field of signedFields(formFields(document))) signatures.push(await judge(document, field, policy))
  const verdicts = signatures.map(({ indication }) => indication)
  const worst = (['TOTAL-FAILED', 'INDETERMINATE', 'TOTAL-PASSED'] as const).find((one) => verdicts.includes(one))
  return { indication: worst ?? 'NO_SIGNATURE', signatures }
}

async function judge(document: PdfDocument, field: Field, policy: ReadPolicy): Promise<SignatureReport> {
  const notes: Notes = { problems: [], findings: [], changes: [], coverage: 'unclear' }
  const placed = placeSignature(document, field)
  if ('code' in placed) notes.problems.push(placed)
  else await examine(document, field, placed, policy, notes)
  return toReport(field, notes, policy)
}

async function examine(
  document: PdfDocument,
  field: Field,
  placed: PlacedSignature,
  policy: ReadPolicy,
  notes: Notes,
): Promise<void> {
  if (placed.claimedAt) notes.claimedAt = placed.claimedAt
  checkDictionary(placed, notes)
  examineRevisions(document, field, placed, notes)
  const container = await checkContainer(placed.contents, (algorithm) => digestOf(document, placed, algorithm))
  notes.problems.push(...container.problems)
  notes.findings.push(...container.findings)
  if (!container.certificate) return
  notes.signer = describe(container.certificate)
  notes.problems.push(...checkChain(container.certificate, container.others, policy))
}

async function digestOf(
  { source }: PdfDocument,
  { byteRange: [, length, secondStart, secondLength] }: PlacedSignature,
  algorithm: DigestAlgorithm,
): Promise<Bytes> {
  const hash = createHash(algorithm)
  await hashRange(hash, source, 0, length)
  await hashRange(hash, source, secondStart, secondStart + secondLength)
  return hash.digest()
}

/** EN 319 142-1 table 1: what concerns the signature dictionary. */
function checkDictionary({ type, filter, subFilter, claimedAt, dict }: PlacedSignature, notes: Notes): void {
  const isSupported = (type === undefined || type === 'Sig') && SUB_FILTERS.includes(subFilter ?? '')
  if (!isSupported) {
    const message = 'This kind of signature is not supported, and so not valid.'
    notes.problems.push(failed('FORMAT_FAILURE', 'signature.sub_filter', message))
  }
  const note = (holds: boolean, code: string, message: string) => {
    if (!holds) notes.findings.push({ code, message })
  }
  note(subFilter === 'ETSI.CAdES.detached', 'pades.sub_filter', '/SubFilter is not ETSI.CAdES.detached.')
  note(type === 'Sig', 'pades.type', '/Type is missing.')
  note(filter !== undefined, 'pades.filter', '/Filter is missing.')
  note(claimedAt !== undefined, 'pades.claimed_time', '/M is missing or not a date.')
  note(!dict.has('Cert'), 'pades.cert', '/Cert must not be there.')
}

function examineRevisions(document: PdfDocument, field: Field, placed: PlacedSignature, notes: Notes): void {
  const signed = signedRevision(document, placed.byteRange)
  if ('code' in signed) {
    notes.problems.push(signed)
    return
  }
  notes.coverage = signed.later === 0 ? 'whole_document' : 'whole_revision'
  if (!isFieldOf(signed.document, field))
    notes.problems.push(failed('FORMAT_FAILURE', 'later.field', 'The field was another one when it was signed.'))
  for (let step = signed.later; step > 0; step--) {
    const before = step === signed.later ? signed.document : document.before(step)
    notes.changes.push(changesBetween(before, document.before(step - 1)))
  }
  if (notes.changes.flat().some(({ kind }) => kind === 'undefined')) {
    const message = 'The document was changed later in a way that no rule allows.'
    notes.problems.push(failed('FORMAT_FAILURE', 'later.undefined_change', message))
  }
}

/** True when the signed revision had this field, of this type, with a signature. */
function isFieldOf(signed: PdfDocument, field: Field): boolean {
  return signedFields(formFields(signed)).some(
    (candidate) => candidate.ref.number === field.ref.number && candidate.name === field.name,
  )
}

function describe(certificate: Certificate): SignerReport {
  const [commonName] = valuesOf(certificate.subject, OID.commonName)
  return {
    subject: nameText(certificate.subject),
    issuer: nameText(certificate.issuer),
    ...(commonName === undefined ? {} : { commonName }),
    serial: serialText(certificate),
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
  }
}

function toReport(field: Field, { problems, findings, ...notes }: Notes, policy: ReadPolicy): SignatureReport {
  const reason = decidingProblem(problems)
  const isBaseline = notes.signer !== undefined && findings.length === 0 && problems.every(isNotFormal)
  return {
    field: field.name,
    ...(reason
      ? { indication: reason.indication, subIndication: reason.subIndication, reason }
      : { indication: 'TOTAL-PASSED' as const }),
    problems,
    findings,
    format: isBaseline ? 'PAdES-B-B' : 'other',
    ...notes,
    notChecked: policy.revocation === 'none' ? ['revocation'] : [],
  }
}

function isNotFormal({ subIndication }: Problem): boolean {
  return subIndication !== 'FORMAT_FAILURE' && subIndication !== 'SIG_CONSTRAINTS_FAILURE'
}
