import { damaged, PdfError } from '../pdf-error.ts'
import { type Dict, NULL, readDict, readName } from '../values.ts'

/** How strings or streams are encrypted. */
export type Method = 'identity' | 'rc4' | 'aes-128' | 'aes-256'

/** Which method is for what (ISO 32000-2 table 20). */
export type CryptFilters = {
  readonly strings: Method
  readonly streams: Method
  readonly embeddedFiles: Method
  /** By the name that a stream gives in its own /Crypt filter; has /Identity as well. */
  readonly named: ReadonlyMap<string, Method>
}

/** One method for all: the versions before crypt filters. */
export const onlyRc4: CryptFilters = {
  strings: 'rc4',
  streams: 'rc4',
  embeddedFiles: 'rc4',
  named: new Map([['Identity', 'identity']]),
}

/** The methods of each version: only 256 bits of key fit the new one, only 128 the others. */
const METHODS: Readonly<Record<4 | 5, ReadonlyMap<string, Method>>> = {
  4: new Map([
    ['V2', 'rc4'],
    ['AESV2', 'aes-128'],
  ]),
  5: new Map([['AESV3', 'aes-256']]),
}

/** Reads /CF, /StmF, /StrF and /EFF. Throws `pdf.damaged`, and `pdf.unsupported_encryption` for unknown methods. */
export function readCryptFilters(dict: Dict, version: 4 | 5): CryptFilters {
  const named = new Map<string, Method>()
  for (const [name, value] of readDict(dict.get('CF') ?? NULL) ?? []) named.set(name, readMethod(value, version))
  // /Identity cannot be given another meaning (ISO 32000-2 table 26).
  named.set('Identity', 'identity')
  const choose = (key: string, otherwise: Method) => {
    const value = dict.get(key)
    if (value === undefined) return otherwise
    return named.get(readName(value) ?? '') ?? damaged('encryption', `/${key} names no crypt filter`)
  }
  const streams = choose('StmF', 'identity')
  return { strings: choose('StrF', 'identity'), streams, embeddedFiles: choose('EFF', streams), named }
}

function readMethod(value: Uint8Array, version: 4 | 5): Method {
  const filter = readDict(value) ?? damaged('encryption', 'a crypt filter is not a dictionary')
  const name = readName(filter.get('CFM') ?? NULL) ?? 'None'
  const method = METHODS[version].get(name)
  if (method) return method
  throw new PdfError('pdf.unsupported_encryption', 'the file is encrypted by an unknown method', {
    method: name.slice(0, 40),
    version,
  })
}
