import { inflateSync } from 'node:zlib'
import type { Bytes } from '../std/bytes.ts'
import { decode85, decodeHex } from './ascii-filters.ts'
import type { Budget } from './budget.ts'
import { damaged, overLimit, PdfError } from './pdf-error.ts'
import { type Predictor, undoPredictor } from './predictor.ts'

/** One step of unpacking, with its parameters where it has some. */
export type FilterStep = {
  readonly name: string
  readonly predictor?: Predictor
  /** The name that a /Crypt filter gives. The data is decrypted before it is unpacked, so that the step does nothing. */
  readonly cryptFilter?: string
}

/**
 * Unpacks a stream. What goes in and what each filter gives is counted: a kilobyte can unfold to gigabytes, what one
 * filter unfolds the next can fold up to nothing, and many streams of a file can be the same bytes. Throws
 * `pdf.damaged`, `pdf.limit`, and `pdf.unsupported_filter` for filters of images, which are never needed.
 */
export function decodeStream(data: Bytes, steps: readonly FilterStep[], budget: Budget): Bytes {
  budget.spend('decodedBytes', data.length)
  let decoded = data
  for (const { name, predictor, cryptFilter } of steps) {
    if (cryptFilter !== undefined) continue
    decoded = decodeStep(decoded, name, budget.left('decodedBytes'))
    budget.spend('decodedBytes', decoded.length)
    if (predictor) decoded = undoPredictor(decoded, predictor)
  }
  return decoded
}

function decodeStep(data: Bytes, name: string, maxBytes: number): Bytes {
  switch (name) {
    case 'FlateDecode':
      return inflate(data, maxBytes)
    case 'ASCIIHexDecode':
      return decodeHex(data, maxBytes)
    case 'ASCII85Decode':
      return decode85(data, maxBytes)
    default:
      throw new PdfError('pdf.unsupported_filter', 'a stream is packed in an unknown way', {
        filter: name.slice(0, 40),
      })
  }
}

function inflate(data: Bytes, maxBytes: number): Bytes {
  try {
    return inflateSync(data, { maxOutputLength: Math.max(1, maxBytes) })
  } catch (error) {
    if (error instanceof RangeError) overLimit('decoded_bytes', maxBytes)
    return damaged('flate', 'a compressed stream cannot be unpacked')
  }
}
