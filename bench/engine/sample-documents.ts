import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { buildPdf, objectsOf, writePdf } from '../../src/pdf/testing/pdf-builder.ts'

export const documentSizes = ['50 kB', '1 MB'] as const
export type DocumentSize = (typeof documentSizes)[number]

/** Four pages with a form, and a stream of noise up to the size. */
export function sampleDocument(size: DocumentSize): Buffer {
  return buildPdf('table', { form: true, pages: 4, noise: size === '50 kB' ? 48_000 : 997_998 })
}

export const FILLED_FIELDS = 20
export const fieldValues = Object.fromEntries(
  Array.from({ length: FILLED_FIELDS }, (_, i) => [`field${i}`, `Value ${i} of the form`]),
)

/** A page with twenty text fields. */
export function sampleForm(): Buffer {
  const objects = objectsOf({ pages: 1, noise: 48_000 })
  const numbers = Array.from({ length: FILLED_FIELDS }, (_, i) => 100 + i)
  for (const [i, number] of numbers.entries()) {
    const place = `/Rect[50 ${780 - 30 * i} 300 ${800 - 30 * i}]/P 10 0 R/F 4`
    objects.set(number, `<</Type/Annot/Subtype/Widget${place}/FT/Tx/T(field${i})/DA(/F1 10 Tf 0 g)>>`)
  }
  const refs = numbers.map((number) => `${number} 0 R`).join(' ')
  objects.set(1, '<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R>>')
  objects.set(4, `<</Fields[${refs}]/DA(/F1 0 Tf 0 g)/DR<</Font<</F1 3 0 R>>>>>>`)
  objects.set(10, (objects.get(10) ?? '').replace(/>>$/, `/Annots[${refs}]>>`))
  return writePdf('table', objects)
}

const CHUNK = Buffer.from('noise of a large file \n'.repeat(50_000))

/** Writes a document of a size in bytes without ever holding it, and waits until it is on the disk. */
export function writeLargePdf(path: string, size: number): void {
  const file = openSync(path, 'wx')
  const offsets = new Map<number, number>()
  let length = 0
  const write = (bytes: Buffer | string) => {
    length += typeof bytes === 'string' ? writeSync(file, bytes, null, 'latin1') : writeSync(file, bytes)
  }
  write('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n')
  const objects = objectsOf({ form: true, pages: 4 })
  for (const [number, body] of objects) {
    offsets.set(number, length)
    write(`${number} 0 obj\n${body}\nendobj\n`)
  }
  const noise = Math.max(...objects.keys()) + 1
  offsets.set(noise, length)
  const room = size - length - 25 * (noise + 1)
  write(`${noise} 0 obj\n<</Length ${room}>>\nstream\n`)
  for (let left = room; left > 0; left -= CHUNK.length) write(CHUNK.subarray(0, Math.min(left, CHUNK.length)))
  write('\nendstream\nendobj\n')
  const at = length
  write(`xref\n0 ${noise + 1}\n`)
  for (let number = 0; number <= noise; number++) write(xrefLine(number, offsets.get(number)))
  write(`trailer\n<</Size ${noise + 1}/Root 1 0 R>>\nstartxref\n${at}\n%%EOF\n`)
  fsyncSync(file)
  closeSync(file)
}

function xrefLine(number: number, offset: number | undefined): string {
  if (offset !== undefined) return `${String(offset).padStart(10, '0')} 00000 n \n`
  return `0000000000 ${number === 0 ? '65535' : '00000'} f \n`
}
