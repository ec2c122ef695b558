import { Budget } from './budget.ts'
import { PdfDocument } from './document.ts'
import type { Encryption } from './encryption/encryption.ts'
import { matches } from './lexer.ts'
import { defaultLimits, type Limits } from './limits.ts'
import { OpenedFile } from './opened-file.ts'
import { damaged, PdfError } from './pdf-error.ts'
import { openRepaired } from './repair/open-repaired.ts'
import { SectionReader } from './section-reader.ts'
import type { Source } from './source.ts'
import { latin1 } from './values.ts'

const TAIL_BYTES = 1536

export type OpenOptions = {
  readonly limits?: Limits
  /**
   * What becomes of a file that strict reading refuses. `repair` reads the whole file once and notes each repair in
   * the document's findings; a file that can be read in more than one way stays refused.
   */
  readonly damaged?: 'refuse' | 'repair'
  /** The user's or the owner's, as it was typed. Files that everybody can open need none. */
  readonly password?: string | undefined
  /** The open encryption of a later state of the same file, instead of a password. */
  readonly unlocked?: Encryption | undefined
}

/**
 * Opens a document: reads its cross-reference sections and nothing else. The body is read object by object when
 * somebody asks. Throws {@link PdfError} for whatever would have to be repaired or guessed, unless it may be repaired.
 */
export function openPdf(source: Source, options: OpenOptions = {}): PdfDocument {
  const { limits = defaultLimits, password, unlocked } = options
  if (options.damaged === 'repair') return openRepaired(source, limits, { password, unlocked })
  if (!matches(source.read(0, 8), 0, '%PDF-')) throw new PdfError('pdf.not_a_pdf', 'the file does not start with %PDF-')
  const budget = new Budget(limits)
  const reader = new SectionReader(source, budget)
  const file = new OpenedFile(source, reader.readAll(findStart(source)))
  file.unlock({ password, unlocked }, budget)
  const document = new PdfDocument(file, budget)
  if (!document.catalog.has('Pages')) damaged('catalog', 'the catalog has no pages')
  return document
}

/** The offset that stands between `startxref` and the last `%%EOF`. */
function findStart(source: Source): number {
  const tail = source.read(Math.max(0, source.size - TAIL_BYTES), TAIL_BYTES)
  const text = latin1(tail)
  const match = /startxref[\0\t\n\f\r ]+(\d{1,12})[\0\t\n\f\r ]+%%EOF[\0\t\n\f\r ]*$/.exec(text)
  if (!match) damaged('startxref', 'the file does not end with startxref, an offset and %%EOF')
  return Number(match[1])
}
