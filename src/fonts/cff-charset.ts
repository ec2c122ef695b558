const CHARSET = 15
const CHAR_STRINGS = 17
const ESCAPE = 12

/**
 * The character identifier of each glyph of a CID-keyed CFF table (Adobe technical note 5176, sections 4, 9 and 13):
 * an embedded font is asked for its glyphs by these and not by their numbers.
 */
export function readCharset(table: Buffer): Uint16Array {
  const names = indexAt(table, table.readUInt8(2))
  const dicts = indexAt(table, names.end)
  const top = readTopDict(table.subarray(...(dicts.items[0] ?? [0, 0])))
  const glyphs = table.readUInt16BE(top.get(CHAR_STRINGS) ?? 0)
  return readRanges(table, top.get(CHARSET) ?? 0, glyphs)
}

type Index = { readonly items: readonly (readonly [start: number, end: number])[]; readonly end: number }

/** An INDEX: a count, the width of offsets, the offsets, and the data. */
function indexAt(table: Buffer, at: number): Index {
  const count = table.readUInt16BE(at)
  if (count === 0) return { items: [], end: at + 2 }
  const width = table.readUInt8(at + 2)
  const base = at + 2 + (count + 1) * width
  const offset = (i: number) => base + table.readUIntBE(at + 3 + i * width, width)
  return { items: Array.from({ length: count }, (_, i) => [offset(i), offset(i + 1)] as const), end: offset(count) }
}

/** The last operand of each operator; real numbers are skipped, as none of them is an offset. */
function readTopDict(dict: Buffer): Map<number, number> {
  const entries = new Map<number, number>()
  let operand = 0
  for (let at = 0; at < dict.length; ) {
    const byte = dict.readUInt8(at)
    if (byte <= 21) {
      entries.set(byte === ESCAPE ? ESCAPE * 256 + dict.readUInt8(at + 1) : byte, operand)
      at += byte === ESCAPE ? 2 : 1
    } else {
      const number = readOperand(dict, at)
      operand = number.value
      at = number.end
    }
  }
  return entries
}

function readOperand(dict: Buffer, at: number): { value: number; end: number } {
  const byte = dict.readUInt8(at)
  if (byte === 28) return { value: dict.readInt16BE(at + 1), end: at + 3 }
  if (byte === 29) return { value: dict.readInt32BE(at + 1), end: at + 5 }
  if (byte === 30) return { value: 0, end: endOfReal(dict, at + 1) }
  if (byte <= 246) return { value: byte - 139, end: at + 1 }
  const low = dict.readUInt8(at + 1)
  return { value: byte <= 250 ? (byte - 247) * 256 + low + 108 : -(byte - 251) * 256 - low - 108, end: at + 2 }
}

/** A real number ends with a half byte of ones. */
function endOfReal(dict: Buffer, start: number): number {
  let at = start
  while (at < dict.length && (dict.readUInt8(at) & 0x0f) !== 0x0f) at++
  return at + 1
}

/** Format 0 lists identifiers, 1 and 2 list runs of them; the first glyph is always 0. */
function readRanges(table: Buffer, start: number, glyphs: number): Uint16Array {
  const codes = new Uint16Array(glyphs)
  const format = table.readUInt8(start)
  let at = start + 1
  for (let glyph = 1; glyph < glyphs; ) {
    const first = table.readUInt16BE(at)
    const more = format === 0 ? 0 : table.readUIntBE(at + 2, format)
    for (let i = 0; i <= more && glyph < glyphs; i++) codes[glyph++] = first + i
    at += 2 + format
  }
  return codes
}
