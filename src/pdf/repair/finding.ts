/** Every repair by its code, with what it says of the file: what is shown of the document rests on this guess. */
const MESSAGES = {
  'repair.header_moved': 'other bytes stand before %PDF-; offsets count from there',
  'repair.bytes_after_end': 'bytes that are no object follow the last %%EOF',
  'repair.end_missing': '%%EOF is missing',
  'repair.entry_length': 'the entries of a cross-reference table are not 20 bytes long',
  'repair.xref_rebuilt': 'the cross-references are lost or wrong and were made anew from the objects',
  'repair.objects_after_end': 'objects follow the last %%EOF, as of a revision that was cut off; they count',
  'repair.object_cut_off': 'the file ends inside an object, which is left out',
  'repair.object_end': 'endobj is missing',
  'repair.stream_start': 'no end of line follows the keyword stream as it must',
  'repair.stream_length': 'the length of a stream is missing or wrong; its data goes up to endstream',
  'repair.stream_end': 'endstream is missing; the data goes up to the end of the object or of the file',
  'repair.trailer_found': 'the newest trailer is missing or does not name the catalog; an older one counts',
  'repair.root_found': 'no trailer names the catalog; the only one in the file counts',
} as const

export type FindingCode = keyof typeof MESSAGES

export type FindingPlace = {
  /** The number of the object that it concerns. */
  readonly object?: number
  /** Where in the file, in bytes. */
  readonly offset?: number
}

/** Something that had to be guessed to read a document. */
export type PdfFinding = FindingPlace & { readonly code: FindingCode; readonly message: string }

/** Findings of one code that are kept: a producer's habit can be in each of a million objects. */
const KEPT_PER_CODE = 100

/** Collects the repairs of one document, each once. */
export class FindingLog {
  readonly #findings: PdfFinding[] = []
  readonly #seen = new Set<string>()
  readonly #counts = new Map<FindingCode, number>()

  /** In the order in which they were made; at most a hundred of each code. */
  get all(): readonly PdfFinding[] {
    return this.#findings
  }

  add(code: FindingCode, where: FindingPlace = {}, cause?: string): void {
    const count = this.#counts.get(code) ?? 0
    // A scan and a later reading see the same fault at two places of an object.
    const key = `${code} ${where.object ?? `at ${where.offset}`}`
    if (count >= KEPT_PER_CODE || this.#seen.has(key)) return
    this.#counts.set(code, count + 1)
    this.#seen.add(key)
    const message = cause === undefined ? MESSAGES[code] : `${MESSAGES[code]}: ${cause}`
    this.#findings.push({ code, message, ...where })
  }
}
