import { inflateSync } from 'node:zlib'
import type { Bytes } from '../../std/bytes.ts'
import { PdfError } from '../pdf-error.ts'
import { undoPredictor } from '../predictor.ts'
import { checkSize, damagedImage, type ImageSize } from './image-error.ts'
import { readPngChunks } from './png-chunks.ts'

/** Samples of eight bits, row by row. */
export type Pixels = ImageSize & {
  readonly channels: 1 | 3
  readonly colour: Buffer
  /** The opacity of each pixel; undefined when all are opaque. */
  readonly alpha?: Buffer
}

/** Samples of a pixel by the colour type (PNG specification 11.2.1). */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }
const DEPTHS: Readonly<Record<number, readonly number[]>> = {
  0: [1, 2, 4, 8, 16],
  2: [8, 16],
  3: [1, 2, 4, 8],
  4: [8, 16],
  6: [8, 16],
}
const INDEXED = 3

type Header = ImageSize & { readonly depth: number; readonly type: number; readonly samples: number }

/** Reads a PNG file. Interlaced ones are refused, as no tool makes them unasked. Throws `pdf.image`. */
export function readPng(file: Buffer): Pixels {
  const chunks = readPngChunks(file)
  const header = readHeader(chunks.header)
  const samples = toSamples(header, unpack(chunks.data, header))
  if (header.type === INDEXED) return fromPalette(header, samples, chunks.palette, chunks.transparency)
  return fromSamples(header, samples, chunks.transparency)
}

function readHeader(header: Buffer): Header {
  if (header.length !== 13) damagedImage('the picture has a malformed header')
  const [width, height, depth, type] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8] ?? 0, header[9] ?? 0]
  checkSize({ width, height })
  const samples = SAMPLES[type]
  if (samples === undefined || !DEPTHS[type]?.includes(depth)) damagedImage('the picture has an unknown kind of pixels')
  if (header[10] !== 0 || header[11] !== 0) damagedImage('the picture is packed in an unknown way')
  if (header[12] !== 0) damagedImage('the picture is interlaced, which is not read here')
  return { width, height, depth, type, samples }
}

/** The rows, after undoing compression and the filter of each row. */
function unpack(data: Bytes, { width, height, depth, samples }: Header): Bytes {
  const rowBytes = Math.ceil((width * samples * depth) / 8)
  const length = height * (rowBytes + 1)
  try {
    const packed = inflateSync(data, { maxOutputLength: length })
    if (packed.length !== length) damagedImage('the picture has not the rows that it announces')
    return undoPredictor(packed, { predictor: 15, colors: samples, bitsPerComponent: depth, columns: width })
  } catch (error) {
    if (error instanceof PdfError && error.code === 'pdf.image') throw error
    throw new PdfError('pdf.image', 'the picture cannot be unpacked', {}, { cause: error })
  }
}

/** One byte for each sample: the number itself for an index, else scaled to eight bits. */
function toSamples({ width, height, depth, samples, type }: Header, rows: Bytes): Buffer {
  const count = width * samples
  const out = Buffer.alloc(count * height)
  const rowBytes = rows.length / height
  const scale = type === INDEXED ? 1 : 255 / (2 ** Math.min(depth, 8) - 1)
  for (let row = 0; row < height; row++)
    for (let i = 0; i < count; i++) out[row * count + i] = sampleAt(rows, row * rowBytes, i, depth) * scale
  return out
}

/** The highest eight bits of a sample that has more. */
function sampleAt(rows: Bytes, start: number, index: number, depth: number): number {
  if (depth >= 8) return rows[start + (index * depth) / 8] ?? 0
  const bit = index * depth
  return ((rows[start + (bit >> 3)] ?? 0) >> (8 - depth - (bit & 7))) & (2 ** depth - 1)
}

function fromPalette(size: ImageSize, indices: Buffer, palette: Buffer, transparency: Buffer | undefined): Pixels {
  const { width, height } = size
  const colour = Buffer.alloc(3 * width * height)
  const alpha = transparency && Buffer.alloc(width * height, 255)
  indices.forEach((index, i) => {
    if (3 * index + 3 > palette.length) damagedImage('the picture uses a colour that its palette lacks')
    palette.copy(colour, 3 * i, 3 * index, 3 * index + 3)
    if (alpha && transparency) alpha[i] = transparency[index] ?? 255
  })
  return { width, height, channels: 3, colour, ...(alpha ? { alpha } : {}) }
}

function fromSamples(header: Header, samples: Buffer, transparency: Buffer | undefined): Pixels {
  const { width, height, samples: each } = header
  const hasAlpha = each === 2 || each === 4
  const channels = each <= 2 ? 1 : 3
  if (!hasAlpha) {
    const alpha = transparency && keyedAlpha(header, samples, transparency)
    return { width, height, channels, colour: samples, ...(alpha ? { alpha } : {}) }
  }
  const colour = Buffer.alloc(channels * width * height)
  const alpha = Buffer.alloc(width * height)
  for (let i = 0; i < alpha.length; i++) {
    samples.copy(colour, channels * i, each * i, each * i + channels)
    alpha[i] = samples[each * i + channels] ?? 255
  }
  return { width, height, channels, colour, alpha }
}

/** One colour that stands for nothing (PNG specification 11.3.2.1); with sixteen bits it cannot be told exactly. */
function keyedAlpha({ width, height, depth, samples: each }: Header, samples: Buffer, key: Buffer): Buffer {
  if (depth === 16 || key.length !== 2 * each)
    damagedImage('the picture has a transparent colour that is not read here')
  const scale = 255 / (2 ** depth - 1)
  const wanted = Array.from({ length: each }, (_, i) => Math.floor(key.readUInt16BE(2 * i) * scale))
  const alpha = Buffer.alloc(width * height, 255)
  for (let i = 0; i < alpha.length; i++)
    if (wanted.every((value, channel) => samples[each * i + channel] === value)) alpha[i] = 0
  return alpha
}
