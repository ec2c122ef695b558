import type { Budget } from './budget.ts'
import type { PdfDocument } from './document.ts'
import { ObjectPack } from './object-stream.ts'
import { damaged, overLimit } from './pdf-error.ts'
import { type Dict, NULL, readDict, readInteger, readName } from './values.ts'

/** Object streams that were opened, by their numbers, and where each stood. */
export type OpenedPacks = Map<number, { readonly offset: number; readonly pack: ObjectPack }>

/** The object streams of a document (ISO 32000-2 7.5.7), opened when an object in them is asked for. */
export class ObjectPacks {
  readonly #document: PdfDocument
  readonly #budget: Budget
  readonly #opened: OpenedPacks
  /** Those that are being opened: each may need numbers that lie in the next. */
  readonly #opening = new Set<number>()

  /** `opened` is shared by all states of the file. */
  constructor(document: PdfDocument, budget: Budget, opened: OpenedPacks) {
    this.#document = document
    this.#budget = budget
    this.#opened = opened
  }

  /** The object stream of this number. Throws {@link PdfError}. */
  pack(number: number): ObjectPack {
    const place = this.#document.entry(number)
    if (place?.kind !== 'offset') damaged('object_stream', 'an object stream lies in another one')
    const known = this.#opened.get(number)
    if (known?.offset === place.offset) return known.pack
    if (this.#opening.has(number)) damaged('object_stream', 'an object stream needs an object that lies inside it')
    const { depth } = this.#document.limits
    if (this.#opening.size >= depth) overLimit('depth', depth)
    this.#opening.add(number)
    try {
      const pack = this.open(number)
      this.#opened.set(number, { offset: place.offset, pack })
      return pack
    } finally {
      this.#opening.delete(number)
    }
  }

  /** Opens an object stream and keeps nothing of it. Throws {@link PdfError}. */
  open(number: number): ObjectPack {
    const object =
      this.#document.object({ number, generation: 0 }) ?? damaged('object_stream', 'an object stream is missing')
    const dict = readDict(object.value)
    if (!dict || readName(dict.get('Type') ?? NULL) !== 'ObjStm')
      damaged('object_stream', 'an object stream has another type')
    const data = this.#document.streamData(object)
    const [count, first] = [countIn(this.#document, dict, 'N'), countIn(this.#document, dict, 'First')]
    return new ObjectPack(data, count, first, this.#budget)
  }
}

/** An entry of the dictionary of a stream that counts something. Throws `pdf.damaged` for anything but a number from 0 on. */
export function countIn(document: PdfDocument, dict: Dict, key: string): number {
  const value = readInteger(document.resolve(dict.get(key) ?? NULL))
  return value !== undefined && value >= 0 ? value : damaged('stream', `/${key} is not a number`)
}
