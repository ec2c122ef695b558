/** What happened to a file on its way. Each takes a whole document of the builder and gives a damaged one. */
export type Damage = (pdf: Buffer) => Buffer

const edit = (change: (text: string) => string): Damage => {
  return (pdf) => Buffer.from(change(pdf.toString('latin1')), 'latin1')
}

/** Replaces the last place that matches; throws when there is none, so that no damage is none by mistake. */
function replaceLast(text: string, from: string, to: string): string {
  const at = text.lastIndexOf(from)
  if (at < 0) throw new Error(`the file has no ${from}`)
  return text.slice(0, at) + to + text.slice(at + from.length)
}

/** Damages that any document can suffer. */
export const damages = {
  'startxref points elsewhere': edit((text) => text.replace(/startxref\s+\d+/, 'startxref\n12')),
  'startxref is missing': edit((text) => text.replace(/startxref\s+\d+\s+/, '')),
  'startxref and %%EOF are missing': edit((text) => text.replace(/startxref\s+\d+\s+%%EOF\s*$/, '')),
  '%%EOF is missing': edit((text) => text.replace(/%%EOF\s*$/, '')),
  'lines were inserted after the header': edit((text) => text.replace('\n', '\n% inserted by a proxy\n')),
  'bytes stand before the header': (pdf) => Buffer.concat([Buffer.alloc(128, 0x41), Buffer.from('\n'), pdf]),
  'text follows the end': (pdf) => Buffer.concat([pdf, Buffer.from('<!-- served in 12 ms -->')]),
  'zeros follow the end': (pdf) => Buffer.concat([pdf, Buffer.alloc(5000)]),
  'a hundred bytes are cut off': (pdf) => pdf.subarray(0, -100),
  'endobj is missing twice': edit((text) => text.replace('endobj\n', '').replace('endobj\n', '')),
  'the length of a stream is wrong': edit((text) => text.replace(/\/Length \d+/, '/Length 7')),
  'the length of a stream is missing': edit((text) => text.replace(/\/Length \d+/, '/Lenght 40')),
  'line feeds became carriage returns': edit((text) => text.replaceAll('\nstream\n', '\nstream\r')),
  'an endstream is missing': edit((text) => text.replace('\nendstream', '\n')),
} as const satisfies Record<string, Damage>

/** Damages of a file whose newest section is a table. */
export const tableDamages = {
  'the table is missing': edit((text) => text.replace(/xref\s+0 \d+\s+(?:\d{10} \d{5} [nf] \n)+/, '')),
  'table and trailer are missing': edit((text) => text.slice(0, text.lastIndexOf('xref\n0'))),
  'the offsets of the table are wrong': edit((text) =>
    text.replace(
      /(\d{10}) (\d{5} n)/g,
      (_, at: string, rest: string) => `${String(Number(at) + 3).padStart(10, '0')} ${rest}`,
    ),
  ),
  'one offset of the table is wrong': edit((text) => text.replace(/\d{10} (\d{5} n)(?=[^x]*trailer)/, '0000000020 $1')),
  'entries are 19 bytes long': edit((text) => text.replace(/ ([nf]) \n/g, ' $1\n')),
  'the count of the table is wrong': edit((text) => text.replace(/xref\s0 (\d+)/, 'xref\n0 99')),
  'the trailer names no catalog': edit((text) => replaceLast(text, '/Root 1 0 R', '/Root 3 0 R')),
  'the trailer names nothing': edit((text) => replaceLast(text, '/Root 1 0 R', '')),
  'a second trailer has no catalog': edit((text) => replaceLast(text, 'startxref', 'trailer\n<</Size 5>>\nstartxref')),
} as const satisfies Record<string, Damage>

/** Damages of a file whose newest section is a stream. */
export const streamDamages = {
  'the cross-reference stream cannot be unpacked': edit((text) => {
    const at = text.indexOf('stream\n', text.lastIndexOf('/XRef')) + 12
    return `${text.slice(0, at)}\0\0\0\0${text.slice(at + 4)}`
  }),
  'the cross-reference stream is missing': edit((text) => text.slice(0, text.lastIndexOf(' 0 obj') - 3)),
} as const satisfies Record<string, Damage>
