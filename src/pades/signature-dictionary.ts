import {
  type Dict,
  type Field,
  latin1,
  NULL,
  type PdfDocument,
  PdfError,
  readDate,
  readDict,
  readInteger,
  readName,
  readRef,
  readString,
  readText,
} from '../pdf/index.ts'
import type { Bytes } from '../std/bytes.ts'
import type { ByteRange } from './prepared.ts'
import { failed, type Problem } from './validation/problem.ts'

/** A signature as it stands in the file, with its byte range proved to be what it must be. */
export type PlacedSignature = {
  readonly dict: Dict
  readonly byteRange: ByteRange
  /** The container with the padding behind it. */
  readonly contents: Bytes
  readonly type: string | undefined
  readonly filter: string | undefined
  readonly subFilter: string | undefined
  readonly claimedAt: Date | undefined
}

/** Reads the dictionary of a signed field and checks the rules R1 to R5 of its byte range. */
export function placeSignature(document: PdfDocument, field: Field): PlacedSignature | Problem {
  try {
    return readPlaced(document, field)
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
    return failed('FORMAT_FAILURE', 'signature.malformed', `The signature dictionary cannot be read: ${error.message}.`)
  }
}

function readPlaced(document: PdfDocument, field: Field): PlacedSignature | Problem {
  const ref = readRef(field.value ?? NULL)
  const object = ref && document.object(ref)
  const dict = object && readDict(object.value)
  if (!dict || object.offset === undefined)
    return failed('FORMAT_FAILURE', 'signature.not_an_object', 'The value of the field is not a signature object.')
  // As it stands in the file: in an encrypted one the other strings of the dictionary are read from elsewhere.
  const contents = readDict(object.stored)?.get('Contents')
  const bytes = contents && readString(contents)
  if (!contents || !bytes || contents[0] !== 0x3c)
    return failed('FORMAT_FAILURE', 'contents.not_a_string', '/Contents is missing or not a hexadecimal string.')
  if (bytes.length === 0) return failed('FORMAT_FAILURE', 'contents.empty', '/Contents is empty.')
  // Values are views of the memory of their object, so the distance between the two is that in the file.
  const at = object.offset + contents.byteOffset - object.stored.byteOffset
  const byteRange = checkByteRange(document, dict.get('ByteRange'), { at, length: contents.length })
  if ('code' in byteRange) return byteRange
  return { dict, byteRange, contents: bytes, ...descriptiveEntries(document, dict) }
}

function descriptiveEntries(document: PdfDocument, dict: Dict) {
  const name = (key: string) => readName(document.resolve(dict.get(key) ?? NULL))
  const date = readString(document.resolve(dict.get('M') ?? NULL))
  return {
    type: name('Type'),
    filter: name('Filter'),
    subFilter: name('SubFilter'),
    claimedAt: date && readDate(readText(date)),
  }
}

function checkByteRange(
  document: PdfDocument,
  value: Bytes | undefined,
  contents: { readonly at: number; readonly length: number },
): ByteRange | Problem {
  const range = fourIntegers(document, value)
  if (!range) return failed('FORMAT_FAILURE', 'byte_range.r1', '/ByteRange must have exactly four integers.')
  const [start, length, secondStart, secondLength] = range
  if (start !== 0) return failed('FORMAT_FAILURE', 'byte_range.r2', '/ByteRange must start at the first byte.')
  if (length <= 0 || secondStart <= length || secondLength < 0 || secondStart + secondLength > document.source.size)
    return failed('FORMAT_FAILURE', 'byte_range.r3', '/ByteRange overlaps itself or leaves the file.')
  if (!isHexString(document.source.read(length, secondStart - length)))
    return failed('FORMAT_FAILURE', 'byte_range.r4', 'The gap in /ByteRange is not exactly one hexadecimal string.')
  if (length !== contents.at || secondStart !== contents.at + contents.length)
    return failed('FORMAT_FAILURE', 'byte_range.r5', 'The gap in /ByteRange is not the /Contents of its signature.')
  return [0, length, secondStart, secondLength]
}

function fourIntegers(document: PdfDocument, value: Bytes | undefined): [number, number, number, number] | undefined {
  const [a, b, c, d, ...more] = (document.array(value) ?? []).map((item) => readInteger(document.resolve(item)))
  const complete = a !== undefined && b !== undefined && c !== undefined && d !== undefined && more.length === 0
  return complete ? [a, b, c, d] : undefined
}

/** `<`, an even number of hexadecimal digits, `>`: in white space something could hide. */
function isHexString(bytes: Bytes): boolean {
  return /^<(?:[0-9a-fA-F]{2})*>$/.test(latin1(bytes))
}
