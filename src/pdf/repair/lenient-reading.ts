import type { Bytes } from '../../std/bytes.ts'
import type { Budget } from '../budget.ts'
import { type ObjectReading, type PdfObject, readIndirectObject, strictReading } from '../indirect-object.ts'
import { damaged, PdfError } from '../pdf-error.ts'
import type { Source } from '../source.ts'
import { readFrame } from './frame.ts'

/**
 * Reads objects whose ends a scan has found: `endobj` may be missing and a /Length may be wrong. What is wrong was
 * noted by the scan. Values are read as strictly as ever: a key that stands twice is an attack and not a damage.
 */
export class LenientReading implements ObjectReading {
  readonly #streamEnds: ReadonlyMap<number, number>

  /** Where the data of streams ends whose /Length does not say so, by where it starts. */
  constructor(streamEnds: ReadonlyMap<number, number>) {
    this.#streamEnds = streamEnds
  }

  object(source: Source, offset: number, budget: Budget): PdfObject {
    return readIndirectObject(source, offset, budget, readFrame)
  }

  streamBytes(source: Source, object: PdfObject, length: () => number): Bytes {
    const start = object.streamOffset ?? damaged('stream', 'the object has no stream')
    const end = this.#streamEnds.get(start)
    try {
      return strictReading.streamBytes(source, object, length)
    } catch (error) {
      if (error instanceof PdfError && error.code === 'pdf.damaged' && end !== undefined)
        return source.read(start, end - start)
      throw error
    }
  }
}
