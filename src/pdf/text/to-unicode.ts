const HEAD = `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000> <FFFF>
endcodespacerange
`
const TAIL = `endcmap
CMapName currentdict /CMap defineresource pop
end
end
`
/** The most entries that one block of a CMap may have (Adobe technical note 5014). */
const BLOCK = 100

/** The CMap that says which characters the two-byte codes of a font show (ISO 32000-2 9.10.3). */
export function toUnicodeMap(texts: ReadonlyMap<number, string>): Buffer {
  const lines = [...texts].map(([code, text]) => `<${hex16(code)}> <${utf16(text)}>\n`)
  let blocks = ''
  for (let at = 0; at < lines.length; at += BLOCK) {
    const block = lines.slice(at, at + BLOCK)
    blocks += `${block.length} beginbfchar\n${block.join('')}endbfchar\n`
  }
  return Buffer.from(HEAD + blocks + TAIL, 'latin1')
}

/** A two-byte code in hexadecimal. */
export function hex16(code: number): string {
  return code.toString(16).padStart(4, '0').toUpperCase()
}

/** UTF-16BE in hexadecimal. */
export function utf16(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex').toUpperCase()
}
