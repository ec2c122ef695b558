/** A TrueType font file, taken apart as far as embedding it asks. ISO/IEC 14496-22 (OpenType) */
export type TrueType = {
  readonly unitsPerEm: number
  readonly ascent: number
  readonly descent: number
  readonly capHeight: number
  readonly boundingBox: readonly number[]
  /** The glyph of a character; 0 when the font has none. */
  glyphOf(character: string): number
  /** Advance width in font units. */
  advanceOf(glyph: number): number
  /** A font file with these glyphs alone, renumbered in the given order; the first must be 0. */
  subset(glyphs: readonly number[]): Buffer
}

type Tables = (tag: string) => Buffer

/** The tables that a reader of PDF needs beside the glyphs: the rest is for operating systems. ISO 32000-2 §9.9.1 */
const COPIED = ['cvt ', 'fpgm', 'prep']

const CHECKSUM_OF_FONT = 0xb1b0afba

export function readTrueType(file: Buffer): TrueType {
  const table = openTables(file)
  const head = table('head')
  const hhea = table('hhea')
  const glyphOf = readCharacters(table('cmap'))
  const advanceOf = readAdvances(table)
  return {
    unitsPerEm: head.readUInt16BE(18),
    ascent: hhea.readInt16BE(4),
    descent: hhea.readInt16BE(6),
    capHeight: table('OS/2').readInt16BE(88),
    boundingBox: [36, 38, 40, 42].map((offset) => head.readInt16BE(offset)),
    glyphOf,
    advanceOf,
    subset: (glyphs) => writeSubset(table, advanceOf, glyphs),
  }
}

function openTables(file: Buffer): Tables {
  const tables = new Map<string, Buffer>()
  for (let i = 0; i < file.readUInt16BE(4); i++) {
    const entry = file.subarray(12 + 16 * i, 28 + 16 * i)
    const offset = entry.readUInt32BE(8)
    tables.set(entry.toString('latin1', 0, 4), file.subarray(offset, offset + entry.readUInt32BE(12)))
  }
  return (tag) => {
    const table = tables.get(tag)
    if (table === undefined) throw new Error(`The font has no table ${tag}.`)
    return table
  }
}

/** The subtable for Unicode's first plane on Windows, in its usual format 4: segments of consecutive characters. */
function readCharacters(cmap: Buffer): TrueType['glyphOf'] {
  const subtable = findSubtable(cmap)
  const segments = subtable.readUInt16BE(6) / 2
  const at = (array: number, segment: number) => 14 + 2 * segments * array + 2 * segment + (array > 0 ? 2 : 0)
  return (character) => {
    const code = character.codePointAt(0) ?? 0
    let i = 0
    while (i < segments && code > subtable.readUInt16BE(at(0, i))) i++
    if (i === segments) return 0
    const start = subtable.readUInt16BE(at(1, i))
    if (code < start) return 0
    const delta = subtable.readUInt16BE(at(2, i))
    const range = subtable.readUInt16BE(at(3, i))
    if (range === 0) return (code + delta) & 0xffff
    const glyph = subtable.readUInt16BE(at(3, i) + range + 2 * (code - start))
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff
  }
}

function findSubtable(cmap: Buffer): Buffer {
  for (let i = 0; i < cmap.readUInt16BE(2); i++) {
    const isUnicode = cmap.readUInt16BE(4 + 8 * i) === 3 && cmap.readUInt16BE(6 + 8 * i) === 1
    const subtable = cmap.subarray(cmap.readUInt32BE(8 + 8 * i))
    if (isUnicode && subtable.readUInt16BE(0) === 4) return subtable
  }
  throw new Error('The font maps no characters in a way that is known here.')
}

function readAdvances(table: Tables): TrueType['advanceOf'] {
  const hmtx = table('hmtx')
  const last = table('hhea').readUInt16BE(34) - 1
  return (glyph) => hmtx.readUInt16BE(4 * Math.min(glyph, last))
}

function readOutline(table: Tables, glyph: number): Buffer {
  const loca = table('loca')
  const isLong = table('head').readInt16BE(50) === 1
  const offset = (i: number) => (isLong ? loca.readUInt32BE(4 * i) : 2 * loca.readUInt16BE(2 * i))
  return Buffer.from(table('glyf').subarray(offset(glyph), offset(glyph + 1)))
}

/** The places in the outline where a composite glyph, such as é, names the glyphs that it is made of. */
function componentOffsets(outline: Buffer): number[] {
  if (outline.length === 0 || outline.readInt16BE(0) >= 0) return []
  const offsets: number[] = []
  let position = 10
  for (let flags = 0x20; (flags & 0x20) !== 0; ) {
    flags = outline.readUInt16BE(position)
    offsets.push(position + 2)
    position += (flags & 0x1) !== 0 ? 8 : 6
    if ((flags & 0x8) !== 0) position += 2
    else if ((flags & 0x40) !== 0) position += 4
    else if ((flags & 0x80) !== 0) position += 8
  }
  return offsets
}

function writeSubset(table: Tables, advanceOf: TrueType['advanceOf'], glyphs: readonly number[]): Buffer {
  const kept = [...glyphs]
  const outlines: Buffer[] = []
  // `kept` grows by the parts of composites while it is walked.
  for (const glyph of kept) {
    const outline = readOutline(table, glyph)
    for (const offset of componentOffsets(outline)) {
      const part = outline.readUInt16BE(offset)
      if (!kept.includes(part)) kept.push(part)
      outline.writeUInt16BE(kept.indexOf(part), offset)
    }
    outlines.push(padTo4(outline))
  }
  const head = edit(table('head'), (copy) => {
    copy.writeUInt32BE(0, 8)
    copy.writeInt16BE(1, 50)
  })
  return assemble(
    new Map([
      ...COPIED.map((tag) => [tag, table(tag)] as const),
      ['glyf', Buffer.concat(outlines)],
      ['head', head],
      ['hhea', edit(table('hhea'), (copy) => copy.writeUInt16BE(kept.length, 34))],
      ['hmtx', Buffer.concat(kept.map((glyph, i) => metrics(advanceOf(glyph), outlines[i])))],
      ['loca', locations(outlines)],
      ['maxp', edit(table('maxp'), (copy) => copy.writeUInt16BE(kept.length, 4))],
    ]),
  )
}

/** Advance width and left side bearing, which in this kind of font is where the outline begins. */
function metrics(advance: number, outline: Buffer | undefined): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt16BE(advance)
  if (outline !== undefined && outline.length > 0) bytes.writeInt16BE(outline.readInt16BE(2), 2)
  return bytes
}

function locations(outlines: readonly Buffer[]): Buffer {
  const loca = Buffer.alloc(4 * (outlines.length + 1))
  let offset = 0
  for (const [i, outline] of outlines.entries()) {
    offset += outline.length
    loca.writeUInt32BE(offset, 4 * (i + 1))
  }
  return loca
}

function assemble(tables: ReadonlyMap<string, Buffer>): Buffer {
  const power = Math.floor(Math.log2(tables.size))
  const directory = Buffer.alloc(12 + 16 * tables.size)
  directory.writeUInt32BE(0x00010000)
  for (const [i, value] of [tables.size, 16 * 2 ** power, power, 16 * (tables.size - 2 ** power)].entries()) {
    directory.writeUInt16BE(value, 4 + 2 * i)
  }
  const bodies: Buffer[] = []
  let offset = directory.length
  let adjustmentOffset = 0
  for (const [i, [tag, table]] of [...tables].sort(([a], [b]) => (a < b ? -1 : 1)).entries()) {
    const body = padTo4(table)
    directory.write(tag, 12 + 16 * i, 'latin1')
    for (const [field, value] of [checksum(body), offset, table.length].entries()) {
      directory.writeUInt32BE(value, 16 + 16 * i + 4 * field)
    }
    if (tag === 'head') adjustmentOffset = offset + 8
    bodies.push(body)
    offset += body.length
  }
  const file = Buffer.concat([directory, ...bodies])
  file.writeUInt32BE((CHECKSUM_OF_FONT - checksum(file)) >>> 0, adjustmentOffset)
  return file
}

function checksum(padded: Buffer): number {
  let sum = 0
  for (let i = 0; i < padded.length; i += 4) sum = (sum + padded.readUInt32BE(i)) >>> 0
  return sum
}

function padTo4(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
}

function edit(table: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(table)
  change(copy)
  return copy
}
