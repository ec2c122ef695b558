import { deflateSync } from 'node:zlib'

/** The ways to write cross-references. */
export const kinds = ['table', 'stream', 'object-streams', 'hybrid'] as const
export type Kind = (typeof kinds)[number]

export type BuildOptions = {
  readonly pages?: number
  /** Adds a form with a text field and two empty signature fields: `Sig_A` merged, `Sig_B` with a kid. */
  readonly form?: boolean
  /** Bytes of noise in a stream, to reach a size. */
  readonly noise?: number
  /** Entries put into the catalog, for instance `/Perms …`. */
  readonly catalog?: string
  readonly eol?: string
}

/** Makes small documents for tests. Objects by number: what stands between `obj` and `endobj`. */
export function buildPdf(kind: Kind, options: BuildOptions = {}): Buffer {
  return writePdf(kind, objectsOf(options), options.eol)
}

/** The page objects have the numbers 10, 12, 14 …, the fields 5 to 9. */
export function objectsOf({ pages = 2, form = false, noise = 0, catalog = '' }: BuildOptions): Map<number, string> {
  const objects = new Map<number, string>()
  const pageNumbers = Array.from({ length: pages }, (_, i) => 10 + 2 * i)
  objects.set(1, `<</Type/Catalog/Pages 2 0 R${form ? '/AcroForm 4 0 R' : ''}${catalog}>>`)
  objects.set(2, `<</Type/Pages/Kids[${pageNumbers.map((n) => `${n} 0 R`).join(' ')}]/Count ${pages}>>`)
  objects.set(3, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>')
  for (const [i, number] of pageNumbers.entries()) {
    const annotations = form && i === 0 ? '/Annots[5 0 R 6 0 R 8 0 R]' : ''
    objects.set(
      number,
      `<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents ${number + 1} 0 R${annotations}>>`,
    )
    objects.set(number + 1, stream(`BT /F1 24 Tf 60 700 Td (Page ${i + 1}) Tj ET`))
  }
  if (form) addForm(objects)
  if (noise > 0) objects.set(10 + 2 * pages, stream('noise '.repeat(noise / 6)))
  return objects
}

function addForm(objects: Map<number, string>): void {
  const widget = (rectangle: string) => `/Type/Annot/Subtype/Widget/Rect[${rectangle}]/P 10 0 R/F 4`
  objects.set(4, '<</Fields[5 0 R 6 0 R 7 0 R]/DA(/F1 0 Tf 0 g)>>')
  objects.set(5, `<<${widget('50 600 300 620')}/FT/Tx/T(city)/V(Lima)/DA(/F1 10 Tf 0 g)>>`)
  objects.set(6, `<<${widget('60 100 260 160')}/FT/Sig/T(Sig_A)>>`)
  objects.set(7, '<</FT/Sig/T(Sig_B)/Kids[8 0 R]>>')
  objects.set(8, `<<${widget('300 100 500 160')}/Parent 7 0 R>>`)
}

export function stream(data: string, entries = ''): string {
  return `<<${entries}/Length ${Buffer.byteLength(data, 'latin1')}>>\nstream\n${data}\nendstream`
}

export const FILE_ID = '00112233445566778899aabbccddeeff'
const ID = `/ID[<${FILE_ID}><${FILE_ID}>]`

/** How an encrypted file is written: what its trailers say, and each body as it stands in the file. */
export type Sealing = {
  readonly trailer: string
  /** The number of the encryption dictionary when it is an object: it never lies in an object stream. */
  readonly dictionary?: number | undefined
  seal(number: number, body: string): string
}

const NOT_SEALED: Sealing = { trailer: '', seal: (_, body) => body }

/** Writes a whole file around the objects. */
export function writePdf(
  kind: Kind,
  objects: ReadonlyMap<number, string>,
  eol = '\n',
  sealing: Sealing = NOT_SEALED,
): Buffer {
  const file = new FileText('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', sealing)
  const packed = kind === 'object-streams' || kind === 'hybrid'
  const isPacked = (number: number, body: string) =>
    packed && !body.endsWith('endstream') && number !== sealing.dictionary
  const plain = [...objects].filter(([number, body]) => !isPacked(number, body) || (kind === 'hybrid' && number !== 3))
  const inPack = [...objects].filter(([number]) => !plain.some(([other]) => other === number))
  for (const [number, body] of plain) file.object(number, body)
  const next = Math.max(...objects.keys()) + 1
  if (inPack.length > 0) file.object(next, packOf(inPack))
  const packedAt = new Map(inPack.map(([number], index) => [number, { stream: next, index }]))
  if (kind === 'table') return file.endWithTable(next, '', eol)
  if (kind !== 'hybrid') return file.endWithStream(next + 1, packedAt)
  const hiddenAt = file.xrefStream(next + 1, packedAt, false)
  return file.endWithTable(next + 2, `/XRefStm ${hiddenAt}`, eol)
}

function packOf(objects: readonly (readonly [number, string])[]): string {
  let header = ''
  let data = ''
  for (const [number, body] of objects) {
    header += `${number} ${data.length} `
    data += `${body} `
  }
  const bytes = deflateSync(Buffer.from(header + data, 'latin1')).toString('latin1')
  return stream(bytes, `/Type/ObjStm/N ${objects.length}/First ${header.length}/Filter/FlateDecode`)
}

type Packed = ReadonlyMap<number, { readonly stream: number; readonly index: number }>

class FileText {
  readonly #offsets = new Map<number, number>()
  readonly #sealing: Sealing
  #text: string

  constructor(head: string, sealing: Sealing) {
    this.#text = head
    this.#sealing = sealing
  }

  object(number: number, body: string): void {
    this.#offsets.set(number, this.#text.length)
    this.#text += `${number} 0 obj\n${this.#sealing.seal(number, body)}\nendobj\n`
  }

  endWithTable(size: number, extra: string, eol: string): Buffer {
    const at = this.#text.length
    this.#text += `xref${eol}0 ${size}${eol}`
    for (let n = 0; n < size; n++) {
      const offset = this.#offsets.get(n)
      this.#text +=
        offset === undefined
          ? `0000000000 ${n === 0 ? '65535' : '00000'} f \n`
          : `${String(offset).padStart(10, '0')} 00000 n \n`
    }
    this.#text += `trailer${eol}<</Size ${size}/Root 1 0 R${ID}${this.#sealing.trailer}${extra}>>${eol}startxref${eol}${at}${eol}%%EOF${eol}`
    return Buffer.from(this.#text, 'latin1')
  }

  endWithStream(number: number, packed: Packed): Buffer {
    const at = this.xrefStream(number, packed, true)
    this.#text += `startxref\n${at}\n%%EOF\n`
    return Buffer.from(this.#text, 'latin1')
  }

  /** Writes a cross-reference stream with PNG "up" rows, as most producers do; returns where it starts. */
  xrefStream(number: number, packed: Packed, all: boolean): number {
    const at = this.#text.length
    if (all) this.#offsets.set(number, at)
    const rows: Buffer[] = []
    let before = Buffer.alloc(7)
    for (let n = 0; n <= number; n++) {
      const row = this.#row(n, packed, all)
      rows.push(Buffer.from([2, ...row.map((byte, i) => (byte - (before[i] ?? 0)) & 0xff)]))
      before = row
    }
    const bytes = deflateSync(Buffer.concat(rows)).toString('latin1')
    const entries = `/Type/XRef/W[1 4 2]/Size ${number + 1}/Root 1 0 R${ID}${this.#sealing.trailer}/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 7>>`
    this.#text += `${number} 0 obj\n${stream(bytes, entries)}\nendobj\n`
    return at
  }

  #row(number: number, packed: Packed, all: boolean): Buffer<ArrayBuffer> {
    const row = Buffer.alloc(7)
    const inside = packed.get(number)
    const offset = all ? this.#offsets.get(number) : undefined
    row[0] = inside ? 2 : offset === undefined ? 0 : 1
    row.writeUInt32BE(inside?.stream ?? offset ?? 0, 1)
    row.writeUInt16BE(inside?.index ?? 0, 5)
    return row
  }
}
