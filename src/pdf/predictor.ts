import type { Bytes } from '../std/bytes.ts'
import { damaged, PdfError } from './pdf-error.ts'

export type Predictor = {
  readonly predictor: number
  readonly colors: number
  readonly bitsPerComponent: number
  readonly columns: number
}

/** Undoes the predictor of a Flate stream (ISO 32000-2 7.4.4.4). Throws `pdf.damaged`, `pdf.unsupported_filter`. */
export function undoPredictor(data: Bytes, parameters: Predictor): Bytes {
  const { predictor, colors, bitsPerComponent, columns } = parameters
  if (predictor === 1) return data
  const pixelBytes = Math.max(1, (colors * bitsPerComponent) >> 3)
  const rowBytes = Math.ceil((colors * bitsPerComponent * columns) / 8)
  if (rowBytes < 1 || rowBytes > 1 << 20) damaged('predictor', 'the rows of a predictor are out of range')
  if (predictor === 2) return undoTiff(data, parameters, rowBytes)
  if (predictor < 10 || predictor > 15)
    throw new PdfError('pdf.unsupported_filter', 'an unknown predictor', { what: 'predictor' })
  return undoPng(data, pixelBytes, rowBytes)
}

function undoTiff(data: Bytes, { colors, bitsPerComponent }: Predictor, rowBytes: number): Bytes {
  if (bitsPerComponent !== 8)
    throw new PdfError('pdf.unsupported_filter', 'a TIFF predictor over other than bytes', { what: 'predictor' })
  const out = Buffer.from(data)
  for (let at = 0; at < out.length; at++) {
    if (at % rowBytes >= colors) out[at] = ((out[at] ?? 0) + (out[at - colors] ?? 0)) & 0xff
  }
  return out
}

function undoPng(data: Bytes, pixelBytes: number, rowBytes: number): Bytes {
  if (data.length % (rowBytes + 1) !== 0) damaged('predictor', 'a row of a predictor is cut off')
  const rows = data.length / (rowBytes + 1)
  const out = Buffer.alloc(rows * rowBytes)
  for (let row = 0; row < rows; row++) {
    const from = row * (rowBytes + 1)
    undoRow(data[from] ?? 0, data.subarray(from + 1, from + 1 + rowBytes), out, row * rowBytes, pixelBytes)
  }
  return out
}

/** One row (RFC 2083 6). The rows above are already restored in `out`. */
function undoRow(type: number, row: Bytes, out: Bytes, to: number, pixelBytes: number): void {
  if (type > 4) damaged('predictor', 'an unknown type of row')
  if (type === 0) out.set(row, to)
  else if (type === 2) undoUp(row, out, to)
  else undoGuess(type, row, out, to, pixelBytes)
}

/** Apart from the others, as cross-reference streams have hardly any other rows. */
function undoUp(row: Bytes, out: Bytes, to: number): void {
  const { length } = row
  for (let i = 0; i < length; i++) out[to + i] = (row[i] ?? 0) + (out[to + i - length] ?? 0)
}

function undoGuess(type: number, row: Bytes, out: Bytes, to: number, pixelBytes: number): void {
  for (let i = 0; i < row.length; i++) {
    const left = i >= pixelBytes ? (out[to + i - pixelBytes] ?? 0) : 0
    const up = out[to + i - row.length] ?? 0
    const corner = i >= pixelBytes ? (out[to + i - row.length - pixelBytes] ?? 0) : 0
    out[to + i] = ((row[i] ?? 0) + guess(type, left, up, corner)) & 0xff
  }
}

function guess(type: number, left: number, up: number, corner: number): number {
  if (type === 1) return left
  return type === 3 ? (left + up) >> 1 : paeth(left, up, corner)
}

function paeth(left: number, up: number, corner: number): number {
  const estimate = left + up - corner
  const [byLeft, byUp, byCorner] = [Math.abs(estimate - left), Math.abs(estimate - up), Math.abs(estimate - corner)]
  if (byLeft <= byUp && byLeft <= byCorner) return left
  return byUp <= byCorner ? up : corner
}
