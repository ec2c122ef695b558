import { PdfError } from '../pdf-error.ts'

export type ImageSize = { readonly width: number; readonly height: number }

/** A picture of a signature needs no more: 16 million pixels are a page at 350 dots an inch. */
const MAX_PIXELS = 16_000_000
const MAX_EDGE = 16_384

/** Throws `pdf.image`. */
export function damagedImage(message: string): never {
  throw new PdfError('pdf.image', message)
}

/** Throws `pdf.image` for a picture without pixels, or with more than are taken. */
export function checkSize({ width, height }: ImageSize): void {
  if (width < 1 || height < 1) damagedImage('the picture has no pixels')
  if (width > MAX_EDGE || height > MAX_EDGE || width * height > MAX_PIXELS) damagedImage('the picture is too large')
}
