import { type PdfDocument, PdfError } from '../../pdf/index.ts'
import type { Change } from './change.ts'
import { changedNumbers, changesOf } from './difference.ts'
import { DocumentState } from './document-state.ts'
import { ReferenceIndex } from './reference-index.ts'
import { completedBy, indexDocument, type Scan, scanObjects } from './reference-scan.ts'

/** A document at one of its revisions. */
export type Milestone = {
  /** Read from the whole file. */
  readonly whole: PdfDocument
  /** Read from the signed bytes alone, where a signature ends with this revision. */
  readonly signed: PdfDocument | undefined
}

/** Goes through the revisions of a document from the oldest signed one to the newest. */
export class HistoryWalk {
  readonly #index: ReferenceIndex
  /** Objects of revisions that no signature has covered yet. */
  readonly #open = new Set<number>()
  #state: DocumentState
  /** What is wrong with the revision that was reached: it concerns who signed it, and all before. */
  #pending: readonly Change[] = []
  /** What keeps everything that follows from being judged. */
  #broken: readonly Change[] = []

  /** `watched` are the numbers that any revision to come defines. */
  constructor(first: Milestone, watched: ReadonlySet<number>) {
    this.#index = new ReferenceIndex(watched)
    this.#state = new DocumentState(first.signed ?? first.whole)
    this.#guard(() => {
      this.#pending = outside(first, indexDocument(this.#state.document, this.#index))
    })
  }

  /** What the next revision changed. */
  next(milestone: Milestone): readonly Change[] {
    const state = new DocumentState(milestone.signed ?? milestone.whole)
    const changes = [...changesOf(this.#state, state, this.#index), ...this.#pending]
    this.#pending = []
    this.#guard(() => this.#remember(state.document, milestone))
    this.#state = state
    return [...changes, ...this.#pending, ...this.#broken]
  }

  #remember(document: PdfDocument, milestone: Milestone): void {
    this.#index.addTrailer(document.trailer)
    const changed = changedNumbers(this.#state.document, document) ?? new Set()
    for (const number of changed) this.#open.add(number)
    const scan = scanObjects(document, milestone.signed ? this.#open : changed, this.#index)
    if (!milestone.signed) return
    this.#open.clear()
    this.#pending = outside(milestone, scan)
  }

  #guard(work: () => void): void {
    try {
      work()
    } catch (error) {
      if (!(error instanceof PdfError)) throw error
      this.#broken = [undefinedChange(`the revisions cannot be compared: ${error.message}`)]
    }
  }
}

/**
 * Objects that the signed bytes announce and that lie outside of them: whoever signed saw nothing there, and later
 * bytes give it a content. Broken objects that no bytes make whole are left alone.
 */
function outside({ whole, signed }: Milestone, { unreadable, overlong }: Scan): Change[] {
  const numbers = signed ? [...overlong, ...completedBy(whole, unreadable)] : []
  if (numbers.length === 0) return []
  return [undefinedChange('the signed bytes announce objects that lie outside of them', numbers)]
}

function undefinedChange(what: string, objects: readonly number[] = []): Change {
  return { kind: 'undefined', what, objects, allowed: false }
}
