import { deflateSync } from 'node:zlib'
import { asBuffer, type Bytes } from '../../std/bytes.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import { type Ref, writeRef } from '../values.ts'
import { checkSize, damagedImage, type ImageSize } from './image-error.ts'
import { type Jpeg, readJpeg } from './jpeg.ts'
import { type Pixels, readPng } from './png.ts'
import { PNG_SIGNATURE } from './png-chunks.ts'

/** A picture that is in the revision. */
export type PlacedImage = ImageSize & { readonly ref: Ref }

/** sRGB without a profile: a calibrated space means the same in every document, and PDF/A allows it in every part. */
const RGB =
  '[/CalRGB<</WhitePoint[0.9505 1 1.089]/Gamma[2.2 2.2 2.2]' +
  '/Matrix[0.4124 0.2126 0.0193 0.3576 0.7152 0.1192 0.1805 0.0722 0.9505]>>]'
const GRAY = '[/CalGray<</WhitePoint[0.9505 1 1.089]/Gamma 2.2>>]'

/**
 * Adds a PNG or JPEG file. `archivePart` 1 has no transparency: the picture is laid on white. Throws `pdf.image` for
 * a file that is neither, is damaged, too large, or has colours that depend on the printer.
 */
export function putImage(writer: RevisionWriter, bytes: Bytes, archivePart?: number): PlacedImage {
  const file = asBuffer(bytes)
  if (file.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) {
    const pixels = readPng(file)
    return putPixels(writer, archivePart === 1 ? onWhite(pixels) : pixels)
  }
  if (file[0] === 0xff && file[1] === 0xd8) return putJpeg(writer, file, readJpeg(file))
  return damagedImage('the picture is neither a PNG nor a JPEG file')
}

function putJpeg(writer: RevisionWriter, file: Buffer, { width, height, components }: Jpeg): PlacedImage {
  checkSize({ width, height })
  // Four inks mean another colour on each device, and files disagree on whether they are inverted.
  if (components === 4) damagedImage('the picture has colours for printing; it must have those of a screen')
  const entries = { ColorSpace: components === 1 ? GRAY : RGB, Filter: '/DCTDecode' }
  return { width, height, ref: put(writer, { width, height }, entries, file) }
}

function putPixels(writer: RevisionWriter, { width, height, channels, colour, alpha }: Pixels): PlacedImage {
  const size = { width, height }
  const flate = { Filter: '/FlateDecode' }
  const mask = alpha && put(writer, size, { ColorSpace: '/DeviceGray', ...flate }, deflateSync(alpha))
  const entries = {
    ColorSpace: channels === 1 ? GRAY : RGB,
    ...(mask ? { SMask: writeRef(mask) } : {}),
    ...flate,
  }
  return { ...size, ref: put(writer, size, entries, deflateSync(colour)) }
}

function put(
  writer: RevisionWriter,
  { width, height }: ImageSize,
  entries: Readonly<Record<string, string>>,
  data: Bytes,
): Ref {
  const all = {
    Type: '/XObject',
    Subtype: '/Image',
    Width: String(width),
    Height: String(height),
    BitsPerComponent: '8',
    ...entries,
  }
  const ref = writer.allocate()
  writer.putStream(ref, new Map(Object.entries(all).map(([key, value]) => [key, Buffer.from(value, 'latin1')])), data)
  return ref
}

function onWhite({ width, height, channels, colour, alpha }: Pixels): Pixels {
  if (!alpha) return { width, height, channels, colour }
  const mixed = Buffer.alloc(colour.length)
  for (let i = 0; i < colour.length; i++) {
    const opacity = (alpha[Math.floor(i / channels)] ?? 255) / 255
    mixed[i] = Math.round((colour[i] ?? 0) * opacity + 255 * (1 - opacity))
  }
  return { width, height, channels, colour: mixed }
}
