import { damagedImage, type ImageSize } from './image-error.ts'

/** What the frame header of a JPEG file says; its bytes go into a PDF as they are. */
export type Jpeg = ImageSize & { readonly components: 1 | 3 | 4 }

const START_OF_IMAGE = 0xd8
const START_OF_SCAN = 0xda
/** Baseline, extended sequential and progressive frames, which DCTDecode reads (ISO 32000-2 7.4.8). */
const READABLE_FRAMES = new Set([0xc0, 0xc1, 0xc2])
/** Lossless, hierarchical and arithmetic frames. */
const OTHER_FRAMES = new Set([0xc3, 0xc5, 0xc6, 0xc7, 0xc9, 0xca, 0xcb, 0xcd, 0xce, 0xcf])

/** Reads the header of a JPEG file (ITU-T T.81 annex B). Throws `pdf.image`. */
export function readJpeg(file: Buffer): Jpeg {
  let at = 2
  while (at + 4 <= file.length) {
    if (file[at] !== 0xff) damagedImage('a segment of the picture does not start where it must')
    const marker = file[at + 1] ?? 0
    if (READABLE_FRAMES.has(marker)) return readFrame(file, at + 4)
    if (OTHER_FRAMES.has(marker) || marker === START_OF_SCAN) break
    at += lengthOf(file, at, marker)
  }
  return damagedImage('the picture has no frame that every viewer can show')
}

/** The bytes of a segment with its marker; a marker may be preceded by any number of 0xff. */
function lengthOf(file: Buffer, at: number, marker: number): number {
  if (marker === 0xff) return 1
  return isStandalone(marker) ? 2 : 2 + file.readUInt16BE(at + 2)
}

/** Markers without a length: restarts, the start of the image, and one for private use. */
function isStandalone(marker: number): boolean {
  return marker === START_OF_IMAGE || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)
}

const FRAME_HEADER = 6

function readFrame(file: Buffer, at: number): Jpeg {
  if (at + FRAME_HEADER > file.length) damagedImage('the picture ends within its header')
  const components = file[at + 5]
  if (file[at] !== 8) damagedImage('the picture has not eight bits for each colour')
  if (components !== 1 && components !== 3 && components !== 4)
    damagedImage('the picture has an unusual number of colours')
  return { width: file.readUInt16BE(at + 3), height: file.readUInt16BE(at + 1), components }
}
