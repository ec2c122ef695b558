import { type Field, formFields, type PdfDocument, sameEntry } from '../../pdf/index.ts'
import { signedFields } from '../permissions.ts'
import type { ByteRange } from '../prepared.ts'
import { type SignedRevision, signedRevision } from '../signed-revision.ts'
import { type Finding, failed, indeterminate, type Problem } from '../validation/problem.ts'
import { certificationFindings } from './certification.ts'
import type { Change } from './change.ts'
import { definedNumbers } from './difference.ts'
import { HistoryWalk, type Milestone } from './history-walk.ts'

/** What became of a document after one of its signatures. */
export type RevisionVerdict = {
  /** `whole_revision`: later revisions follow, see `changes`. */
  readonly coverage: 'whole_document' | 'whole_revision' | 'unclear'
  /** One list for each later revision, oldest first. */
  readonly changes: readonly (readonly Change[])[]
  readonly problems: readonly Problem[]
  readonly findings: readonly Finding[]
}

/**
 * The revisions of a document after its oldest signature. Each is compared once with the one before it, whatever the
 * number of signatures; the past of the document is read once.
 */
export class RevisionHistory {
  readonly #document: PdfDocument
  /** By the end of the signed bytes. */
  readonly #signed = new Map<number, SignedRevision | Problem>()
  #steps: readonly (readonly Change[])[] | undefined

  /** `byteRanges` are those of all signatures that keep the rules R1 to R5. */
  constructor(document: PdfDocument, byteRanges: readonly ByteRange[]) {
    this.#document = document
    for (const range of byteRanges) this.#signedRevision(range)
  }

  /** Judges what followed the signature in this field. The byte range is one that the history was made with. */
  judge(field: Field, byteRange: ByteRange): RevisionVerdict {
    const signed = this.#signedRevision(byteRange)
    if ('code' in signed) return { coverage: 'unclear', changes: [], problems: [signed], findings: [] }
    const { later, document } = signed
    const changes = later === 0 ? [] : this.#allSteps().slice(-later)
    const problems = [...fieldProblems(document, field), ...changeProblems(changes.flat())]
    return {
      coverage: later === 0 ? 'whole_document' : 'whole_revision',
      changes,
      problems,
      findings: certificationFindings(document, field),
    }
  }

  #signedRevision(byteRange: ByteRange): SignedRevision | Problem {
    const end = byteRange[2] + byteRange[3]
    const known = this.#signed.get(end) ?? signedRevision(this.#document, byteRange)
    this.#signed.set(end, known)
    return known
  }

  /** The changes of every revision after the oldest signature, oldest first. */
  #allSteps(): readonly (readonly Change[])[] {
    this.#steps ??= this.#compareAll()
    return this.#steps
  }

  #compareAll(): (readonly Change[])[] {
    const signed = new Map<number, PdfDocument>()
    for (const one of this.#signed.values()) if ('later' in one) signed.set(one.later, one.document)
    const oldest = Math.max(...signed.keys())
    const at = (later: number): Milestone => ({ whole: this.#document.before(later), signed: signed.get(later) })
    const walk = new HistoryWalk(at(oldest), watchedNumbers(this.#document, oldest))
    return Array.from({ length: oldest }, (_, i) => walk.next(at(oldest - 1 - i)))
  }
}

/** True when the signed revision had this field, with this signature in it. */
function fieldProblems(signed: PdfDocument, field: Field): Problem[] {
  const isSame = signedFields(formFields(signed)).some(
    ({ ref, name, value }) => ref.number === field.ref.number && name === field.name && sameEntry(value, field.value),
  )
  return isSame ? [] : [failed('FORMAT_FAILURE', 'later.field', 'The field was another one when it was signed.')]
}

function changeProblems(changes: readonly Change[]): Problem[] {
  const problems: Problem[] = []
  const note = (holds: boolean, problem: Problem) => {
    if (holds) problems.push(problem)
  }
  const has = (test: (change: Change) => boolean) => changes.some(test)
  const undefinedChange = 'The document was changed later in a way that no rule allows.'
  note(
    has(({ kind }) => kind === 'undefined'),
    failed('FORMAT_FAILURE', 'later.undefined_change', undefinedChange),
  )
  const certification = 'The document was changed later in a way that its certification forbids.'
  note(
    has(({ forbiddenBy }) => forbiddenBy === 'certification'),
    failed('FORMAT_FAILURE', 'later.certification', certification),
  )
  const lock = 'A field was filled in later that a signature had locked.'
  note(
    has(({ forbiddenBy }) => forbiddenBy === 'field_lock'),
    failed('FORMAT_FAILURE', 'later.field_lock', lock),
  )
  const covers = 'Something was laid over the pages later: look at the document as it was signed.'
  note(
    has((change) => 'covers' in change && change.covers),
    indeterminate('SIG_CONSTRAINTS_FAILURE', 'later.covers_content', covers),
  )
  return problems
}

/** The numbers that any of the newest `count` revisions speaks of. */
function watchedNumbers(document: PdfDocument, count: number): ReadonlySet<number> {
  const steps = Array.from({ length: count }, (_, step) => [...definedNumbers(document.before(step))])
  return new Set(steps.flat())
}
