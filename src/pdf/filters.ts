import { inflateSync } from 'node:zlib'
import type { Bytes } from '../std/bytes.ts'
import { damaged, overLimit, PdfError } from './pdf-error.ts'
import { type Predictor, undoPredictor } from './predictor.ts'
import { latin1 } from './values.ts'

/** One step of unpacking, with the parameters of the predictor where it has some. */
export type FilterStep = { readonly name: string; readonly predictor?: Predictor }

/**
 * Unpacks a stream. No step may give more than `maxBytes`: a kilobyte can be packed so that it unfolds to gigabytes.
 * Throws `pdf.damaged`, `pdf.limit`, and `pdf.unsupported_filter` for filters of images, which are never needed.
 */
export function decodeStream(data: Bytes, steps: readonly FilterStep[], maxBytes: number): Bytes {
  let decoded = data
  for (const { name, predictor } of steps) {
    decoded = decodeStep(decoded, name, maxBytes)
    if (predictor) decoded = undoPredictor(decoded, predictor)
  }
  return decoded
}

function decodeStep(data: Bytes, name: string, maxBytes: number): Bytes {
  switch (name) {
    case 'FlateDecode':
      return inflate(data, maxBytes)
    case 'ASCIIHexDecode':
      return decodeHex(data)
    case 'ASCII85Decode':
      return decode85(data)
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

/** ISO 32000-2 7.4.2. */
function decodeHex(data: Bytes): Bytes {
  const text = latin1(data).replace(/[\0\t\n\f\r ]/g, '')
  const match = /^([0-9A-Fa-f]*)>$/.exec(text)
  if (!match) damaged('ascii_hex', 'a hexadecimal stream has other characters')
  const digits = match[1] ?? ''
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex')
}

/** ISO 32000-2 7.4.3. */
function decode85(data: Bytes): Bytes {
  const text = latin1(data).replace(/[\0\t\n\f\r ]/g, '')
  const match = /^((?:z|[!-u]{5})*)([!-u]{0,4})~>$/.exec(text)
  if (!match || match[2]?.length === 1) damaged('ascii85', 'a base-85 stream has other characters')
  const [, whole = '', rest = ''] = match
  const out: Buffer[] = (whole.match(/z|.{5}/g) ?? []).map((group) => group85(group === 'z' ? '!!!!!' : group))
  if (rest) out.push(group85(rest.padEnd(5, 'u')).subarray(0, rest.length - 1))
  return Buffer.concat(out)
}

function group85(group: string): Buffer {
  let value = 0
  for (const character of group) value = value * 85 + character.charCodeAt(0) - 33
  if (value > 0xffffffff) damaged('ascii85', 'a group of a base-85 stream is out of range')
  const out = Buffer.allocUnsafe(4)
  out.writeUInt32BE(value)
  return out
}
