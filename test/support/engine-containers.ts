import { OID, readSignedData } from '../../src/pki/index.ts'
import { asBuffer, type Bytes } from '../../src/std/bytes.ts'

/** A signature or document time-stamp as it stands in the bytes of a file, found without reading the file as a PDF. */
export type FoundContainer = {
  readonly kind: 'signature' | 'timestamp'
  /** The text of the dictionary without its /ByteRange and /Contents. */
  readonly dictionary: string
  readonly byteRange: readonly [number, number, number, number]
  /** CMS without the zeros behind it. */
  readonly container: Bytes
  readonly padding: Bytes
  /** What it is over. */
  readonly content: Bytes
  /** The value of the CMS signature, and the time-stamps over it. */
  readonly value: Bytes
  readonly tokens: readonly Bytes[]
}

const RANGE = /\/ByteRange ?\[0 (\d+) (\d+) (\d+)\]/g

/** All that are in the file, in their order. Throws for a range that does not frame a hexadecimal string. */
export function findContainers(pdf: Bytes): FoundContainer[] {
  const bytes = asBuffer(pdf)
  const text = bytes.toString('latin1')
  return [...text.matchAll(RANGE)].map((match) => {
    const [first = 0, second = 0, rest = 0] = match.slice(1).map(Number)
    const [, digits] = /^<((?:[0-9a-f]{2})+)>$/i.exec(text.slice(first, second)) ?? []
    if (digits === undefined) throw new Error(`the range at ${match.index} does not frame a string`)
    const dictionary =
      text.slice(text.lastIndexOf(' obj', match.index) + 4, match.index) +
      text.slice(second, text.indexOf('endobj', second))
    return readFound(dictionary, [0, first, second, rest], Buffer.from(digits, 'hex'), bytes)
  })
}

function readFound(
  dictionary: string,
  byteRange: FoundContainer['byteRange'],
  contents: Buffer,
  file: Buffer,
): FoundContainer {
  const { length, signerInfos } = readSignedData(contents)
  const [signer] = signerInfos
  const stamps = signer?.unsigned.filter(({ type }) => type === OID.signatureTimeStamp) ?? []
  const [, first, second, rest] = byteRange
  return {
    kind: dictionary.includes('/DocTimeStamp') ? 'timestamp' : 'signature',
    dictionary,
    byteRange,
    container: contents.subarray(0, length),
    padding: contents.subarray(length),
    content: Buffer.concat([file.subarray(0, first), file.subarray(second, second + rest)]),
    value: signer?.signature ?? new Uint8Array(),
    tokens: stamps.flatMap(({ values }) => values),
  }
}
