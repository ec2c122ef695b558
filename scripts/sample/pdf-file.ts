import { createHash } from 'node:crypto'
import { constants, deflateSync } from 'node:zlib'

/** How readers find the objects: by object streams and a cross-reference stream, or by the table of PDF 1.0. */
export type Style = 'streams' | 'table'

/** An indirect reference as it is written: `12 0 R`. */
export type Ref = `${number} 0 R`

type IndirectObject = string | { readonly entries: string; readonly data: Buffer }

/** Where an object is: at a byte of the file, or at an index of an object stream. */
type Place = { readonly offset: number } | { readonly container: number; readonly index: number }

const HEADER = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'
const OBJECTS_PER_STREAM = 40
/** Bytes of a row of the cross-reference stream: type, offset or container, generation or index. */
const ROW = [1, 3, 2] as const

/** The objects of a document under construction, numbered from 1 in the order in which they were asked for. */
export class PdfFile {
  readonly #objects: (IndirectObject | undefined)[] = []

  /** A number for an object that is described later, because it and another one name each other. */
  reserve(): Ref {
    this.#objects.push(undefined)
    return `${this.#objects.length} 0 R`
  }

  put(ref: Ref, text: string): void {
    this.#objects[Number.parseInt(ref, 10) - 1] = text
  }

  add(text: string): Ref {
    const ref = this.reserve()
    this.put(ref, text)
    return ref
  }

  /** `entries` are those of the stream's dictionary, without `Length` and `Filter`. */
  addStream(entries: string, data: Buffer): Ref {
    this.#objects.push({ entries: `${entries}/Filter/FlateDecode`, data: deflate(data) })
    return `${this.#objects.length} 0 R`
  }

  /** As `addStream`, but readable by programs that know nothing of PDF, as metadata should be. */
  addPlainStream(entries: string, data: Buffer): Ref {
    this.#objects.push({ entries, data })
    return `${this.#objects.length} 0 R`
  }

  /** The whole file. Throws when a reserved number was never used. */
  write(style: Style, root: Ref, info: Ref): Buffer {
    const objects = this.#objects.map((object, i) => {
      if (object === undefined) throw new Error(`Object ${i + 1} was reserved and never written.`)
      return [i + 1, object] as const
    })
    const trailer = `/Root ${root}/Info ${info}/ID[${identifier(objects)}]`
    return style === 'table' ? writeWithTable(objects, trailer) : writeWithStreams(objects, trailer)
  }
}

type Numbered = readonly (readonly [number, IndirectObject])[]

/**
 * Without a search for repetitions in the data: zlib does that search with the instructions of the processor at hand
 * and finds others on another one, and the bytes of the sample must be the same everywhere.
 */
function deflate(data: Buffer): Buffer {
  return deflateSync(data, { level: 9, strategy: constants.Z_RLE })
}

/** Derived from the content, as there is no clock and no chance here. ISO 32000-2 §14.4 */
function identifier(objects: Numbered): string {
  const hash = createHash('sha256')
  for (const [, object] of objects) hash.update(typeof object === 'string' ? object : object.data)
  const id = `<${hash.digest('hex').slice(0, 32)}>`
  return id + id
}

/** Bytes that grow, and the places of the objects among them. */
class Output {
  readonly places = new Map<number, Place>()
  readonly #chunks: Buffer[] = []
  length = 0

  write(text: string | Buffer): void {
    const chunk = typeof text === 'string' ? Buffer.from(text, 'latin1') : text
    this.#chunks.push(chunk)
    this.length += chunk.length
  }

  writeObject(number: number, object: IndirectObject): void {
    this.places.set(number, { offset: this.length })
    if (typeof object === 'string') {
      this.write(`${number} 0 obj\n${object}\nendobj\n`)
      return
    }
    this.write(`${number} 0 obj\n<<${object.entries}/Length ${object.data.length}>>\nstream\n`)
    this.write(object.data)
    this.write('\nendstream\nendobj\n')
  }

  finish(startOfXref: number): Buffer {
    this.write(`startxref\n${startOfXref}\n%%EOF\n`)
    return Buffer.concat(this.#chunks)
  }
}

function writeWithTable(objects: Numbered, trailer: string): Buffer {
  const output = new Output()
  output.write(HEADER)
  for (const [number, object] of objects) output.writeObject(number, object)
  const start = output.length
  const rows = [...output.places.values()].map((place) => {
    return `${String('offset' in place ? place.offset : 0).padStart(10, '0')} 00000 n \n`
  })
  output.write(`xref\n0 ${rows.length + 1}\n0000000000 65535 f \n${rows.join('')}`)
  output.write(`trailer\n<</Size ${rows.length + 1}${trailer}>>\n`)
  return output.finish(start)
}

function writeWithStreams(objects: Numbered, trailer: string): Buffer {
  const output = new Output()
  output.write(HEADER)
  const packable: (readonly [number, string])[] = []
  for (const [number, object] of objects) {
    if (typeof object === 'string') packable.push([number, object])
    else output.writeObject(number, object)
  }
  let next = objects.length + 1
  for (let i = 0; i < packable.length; i += OBJECTS_PER_STREAM) {
    writeObjectStream(output, next++, packable.slice(i, i + OBJECTS_PER_STREAM))
  }
  const start = output.length
  output.places.set(next, { offset: start })
  const data = deflate(predictUp(xrefRows(output.places, next + 1)))
  const parameters = `/DecodeParms<</Predictor 12/Columns ${rowLength()}>>`
  const entries = `/Type/XRef/Size ${next + 1}/W[${ROW.join(' ')}]${trailer}/Filter/FlateDecode${parameters}`
  output.writeObject(next, { entries, data })
  return output.finish(start)
}

/** ISO 32000-2 §7.5.7 */
function writeObjectStream(output: Output, container: number, members: readonly (readonly [number, string])[]): void {
  let offset = 0
  const index: string[] = []
  for (const [i, [number, text]] of members.entries()) {
    index.push(`${number} ${offset}`)
    offset += text.length + 1
    output.places.set(number, { container, index: i })
  }
  const head = `${index.join(' ')}\n`
  const body = members.map(([, text]) => `${text}\n`).join('')
  output.writeObject(container, {
    entries: `/Type/ObjStm/N ${members.length}/First ${head.length}/Filter/FlateDecode`,
    data: deflate(Buffer.from(head + body, 'latin1')),
  })
}

/** ISO 32000-2 §7.5.8.3, table 18 */
function xrefRows(places: ReadonlyMap<number, Place>, size: number): Buffer[] {
  return Array.from({ length: size }, (_, number) => {
    const row = Buffer.alloc(rowLength())
    const place = places.get(number)
    if (place === undefined) row.writeUIntBE(0xffff, ROW[0] + ROW[1], ROW[2])
    else if ('offset' in place) {
      row.writeUInt8(1)
      row.writeUIntBE(place.offset, ROW[0], ROW[1])
    } else {
      row.writeUInt8(2)
      row.writeUIntBE(place.container, ROW[0], ROW[1])
      row.writeUIntBE(place.index, ROW[0] + ROW[1], ROW[2])
    }
    return row
  })
}

/** Each row as its difference from the one above, with the mark 2 before it: PNG's filter "Up". */
function predictUp(rows: readonly Buffer[]): Buffer {
  return Buffer.concat(
    rows.map((row, i) => {
      const above = rows[i - 1]
      return Buffer.from([2, ...row.map((byte, column) => byte - (above?.[column] ?? 0))])
    }),
  )
}

function rowLength(): number {
  return ROW.reduce((sum, width) => sum + width, 0)
}

/** A text string: PDFDocEncoding where ASCII is enough, else UTF-16. ISO 32000-2 §7.9.2.2 */
export function textString(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replace(/[\\()]/g, '\\$&')})`
  const utf16 = Buffer.from(`\ufeff${text}`, 'utf16le').swap16()
  return `<${utf16.toString('hex')}>`
}

/** A number as short as a page needs it: a hundredth of a point. */
export function number(value: number): string {
  return String(Number(value.toFixed(2)))
}
