import { crc32 } from 'node:zlib'
import { damagedImage } from './image-error.ts'

/** The parts of a PNG file that are needed to show it. */
export type PngChunks = {
  readonly header: Buffer
  readonly palette: Buffer
  readonly transparency: Buffer | undefined
  readonly data: Buffer
}

export const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const MAX_CHUNKS = 10_000

/** Splits a PNG file (PNG specification 5.3) and checks the sums of its chunks. Throws `pdf.image`. */
export function readPngChunks(file: Buffer): PngChunks {
  const found = new Map<string, Buffer[]>()
  let at = PNG_SIGNATURE.length
  for (let count = 0; !found.has('IEND'); count++) {
    if (at + 12 > file.length || count > MAX_CHUNKS) damagedImage('the picture has no end')
    const end = at + 8 + file.readUInt32BE(at)
    if (end + 4 > file.length) damagedImage('the picture ends within one of its parts')
    if (crc32(file.subarray(at + 4, end)) !== file.readUInt32BE(end)) damagedImage('a part of the picture was changed')
    const kind = file.toString('latin1', at + 4, at + 8)
    found.set(kind, [...(found.get(kind) ?? []), file.subarray(at + 8, end)])
    at = end + 4
  }
  const first = (kind: string) => found.get(kind)?.[0]
  return {
    header: first('IHDR') ?? damagedImage('the picture has no header'),
    palette: first('PLTE') ?? Buffer.alloc(0),
    transparency: first('tRNS'),
    data: Buffer.concat(found.get('IDAT') ?? []),
  }
}
