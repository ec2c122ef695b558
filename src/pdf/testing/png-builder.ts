import { crc32, deflateSync } from 'node:zlib'

export type PngOptions = {
  readonly width: number
  readonly height: number
  /** 0 gray, 2 colours, 3 palette, 4 gray with opacity, 6 colours with opacity. */
  readonly type: number
  readonly depth?: number
  readonly interlace?: number
  /** Packed samples, row by row. */
  readonly rows: readonly (readonly number[])[]
  readonly palette?: readonly number[]
  readonly transparency?: readonly number[]
}

/** Makes a PNG file for tests; its rows have no filter. */
export function buildPng({ width, height, type, depth = 8, interlace = 0, rows, ...more }: PngOptions): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([depth, type, 0, 0, interlace], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    ...(more.palette ? [chunk('PLTE', Buffer.from(more.palette))] : []),
    ...(more.transparency ? [chunk('tRNS', Buffer.from(more.transparency))] : []),
    chunk('IDAT', deflateSync(Buffer.concat(rows.map((row) => Buffer.from([0, ...row]))))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(kind: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
