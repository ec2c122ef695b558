import type { Bytes } from '../std/bytes.ts'
import type { FilterStep } from './filters.ts'
import type { Limits } from './limits.ts'
import { damaged, overLimit, PdfError } from './pdf-error.ts'
import type { Predictor } from './predictor.ts'
import { type Dict, isNull, NULL, readArray, readDict, readInteger, readName } from './values.ts'

/** The filters of a stream with their parameters. Throws `pdf.damaged` or `pdf.limit`. */
export function filterSteps(dict: Dict, resolve: (value: Bytes) => Bytes, limits: Limits): FilterStep[] {
  if (dict.has('F')) throw new PdfError('pdf.unsupported_filter', 'a stream lies in another file', { filter: 'F' })
  const names = listOf(dict.get('Filter'), resolve, limits)
  const parameters = listOf(dict.get('DecodeParms'), resolve, limits)
  return names.map((value, i) => {
    const name = readName(value) ?? damaged('filter', 'a filter is not a name')
    const dictionary = readDict(parameters[i] ?? NULL)
    if (name === 'Crypt') return readCrypt(i, dictionary, resolve)
    return dictionary ? { name, predictor: readPredictor(dictionary, resolve) } : { name }
  })
}

/** ISO 32000-2 7.4.10: the name of a crypt filter; what is decrypted is what the file has, so that it comes first. */
function readCrypt(place: number, dictionary: Dict | undefined, resolve: (value: Bytes) => Bytes): FilterStep {
  if (place > 0) damaged('filter', 'a crypt filter is not the first filter of its stream')
  const name = dictionary?.get('Name')
  const cryptFilter = name ? readName(resolve(name)) : 'Identity'
  return { name: 'Crypt', cryptFilter: cryptFilter ?? damaged('filter', 'the name of a crypt filter is not one') }
}

function listOf(value: Bytes | undefined, resolve: (value: Bytes) => Bytes, { filters }: Limits): Bytes[] {
  if (value === undefined) return []
  const resolved = resolve(value)
  if (isNull(resolved)) return []
  const list = readArray(resolved) ?? [resolved]
  return list.length <= filters ? list.map(resolve) : overLimit('filters', filters)
}

function readPredictor(dictionary: Dict, resolve: (value: Bytes) => Bytes): Predictor {
  const number = (key: string, otherwise: number) => {
    const value = dictionary.get(key)
    if (value === undefined) return otherwise
    const read = readInteger(resolve(value))
    return read !== undefined && read >= 1 && read <= 1 << 24 ? read : damaged('predictor', `/${key} is out of range`)
  }
  return {
    predictor: number('Predictor', 1),
    colors: number('Colors', 1),
    bitsPerComponent: number('BitsPerComponent', 8),
    columns: number('Columns', 1),
  }
}
