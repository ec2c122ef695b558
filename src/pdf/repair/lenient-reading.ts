import type { Bytes } from '../../std/bytes.ts'
import type { Budget } from '../budget.ts'
import { type ObjectReading, type PdfObject, readIndirectObject, strictReading } from '../indirect-object.ts'
import { damaged, PdfError } from '../pdf-error.ts'
import type { Source } from '../source.ts'
import type { FindingLog } from './finding.ts'
import { readFrame } from './frame.ts'

/**
 * Reads objects whose ends a scan has found: `endobj` may be missing and a /Length may be wrong. The scan has noted
 * what it could see; a length that it could not follow is noted when somebody needs it. Values are read as strictly as
 * ever: a key that stands twice is an attack and no damage.
 */
export class LenientReading implements ObjectReading {
  readonly #streamEnds: ReadonlyMap<number, number>
  readonly #log: FindingLog

  /** Where the data of streams ends whose /Length does not say so, by where it starts. */
  constructor(streamEnds: ReadonlyMap<number, number>, log: FindingLog) {
    this.#streamEnds = streamEnds
    this.#log = log
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
      if (!(error instanceof PdfError) || error.code !== 'pdf.damaged' || end === undefined) throw error
      this.#log.add('repair.stream_length', { object: object.ref.number, offset: start })
      return source.read(start, end - start)
    }
  }
}
