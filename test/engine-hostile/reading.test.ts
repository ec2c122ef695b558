import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { buildEncrypted } from '../../src/pdf/testing/encrypted-builder.ts'
import { objectsOf, stream, writePdf } from '../../src/pdf/testing/pdf-builder.ts'
import { hostileFiles } from '../support/hostile-confinement.ts'

/* Files that cost time or memory when they are read, or that nobody here may read. */

const files = await hostileFiles('reading')
const MODES = ['refuse', 'repair'] as const
const BOMB_MS = 10_000

type Objects = Readonly<Record<number, string>>

/** A document with a form in which some objects are others. */
function withObjects(changes: Objects): Buffer {
  const objects = objectsOf({ form: true })
  for (const [number, body] of Object.entries(changes)) objects.set(Number(number), body)
  return writePdf('table', objects)
}

const deflated = (data: Buffer) => deflateSync(data, { level: 1 })
const text = (data: Buffer) => data.toString('latin1')
const list = (count: number, item: (i: number) => string) => Array.from({ length: count }, (_, i) => item(i)).join(' ')
const refused = (code: string, what: string) => ({ refused: code, details: { what } })

/** Just more than a whole document may unfold to. */
const once = deflated(Buffer.alloc(201_000_000))
const bombs: readonly (readonly [name: string, body: string, what: string])[] = [
  ['one deflated stream', stream(text(once), '/Filter/FlateDecode'), 'decoded_bytes'],
  [
    'a deflated one in a deflated one',
    stream(text(deflated(once)), '/Filter[/FlateDecode/FlateDecode]'),
    'decoded_bytes',
  ],
  [
    'hexadecimal text in a deflated stream',
    stream(text(deflated(Buffer.alloc(410_000_000, '0'))), '/Filter[/FlateDecode/ASCIIHexDecode]'),
    'decoded_bytes',
  ],
  [
    'letters z that are four bytes each',
    stream(`${'z'.repeat(51_000_000)}~>`, '/Filter/ASCII85Decode'),
    'decoded_bytes',
  ],
  ['predicted rows', stream(text(once), '/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 1>>'), 'decoded_bytes'],
  ['five filters on each other', stream('', `/Filter[${'/FlateDecode'.repeat(5)}]`), 'filters'],
]

describe.each(MODES)('read in the mode %s,', (damaged) => {
  test.each(bombs)('%s is stopped', { timeout: 2 * BOMB_MS }, async (_, body, what) => {
    expect(await files.look('read', withObjects({ 30: body }), { damaged }, BOMB_MS)).toMatchObject(
      refused('pdf.limit', what),
    )
  })

  const loops: readonly (readonly [name: string, changes: Objects, what: string])[] = [
    ['a reference to itself', { 4: '4 0 R' }, 'reference_loop'],
    ['two references to each other', { 4: '30 0 R', 30: '4 0 R' }, 'reference_loop'],
    ['three references in a ring', { 4: '30 0 R', 30: '31 0 R', 31: '4 0 R' }, 'reference_loop'],
    ['the fields of the form, which are themselves', { 4: '<</Fields 30 0 R>>', 30: '30 0 R' }, 'reference_loop'],
    ['a page tree that holds itself', { 2: '<</Type/Pages/Kids[2 0 R]/Count 1>>' }, 'page_tree'],
    ['a page tree through its page', { 2: '<</Type/Pages/Kids[10 0 R]>>', 10: '<</Kids[2 0 R]>>' }, 'page_tree'],
    ['pages with one page twice', { 2: '<</Type/Pages/Kids[10 0 R 10 0 R]/Count 2>>' }, 'page_tree'],
    ['pages below pages, a hundred deep', deepPages(100), 'depth'],
    ['a field that is its own kid', { 7: '<</T(a)/Kids[7 0 R]>>' }, 'form'],
    ['two fields that are kids of each other', { 7: '<</T(a)/Kids[30 0 R]>>', 30: '<</T(b)/Kids[7 0 R]>>' }, 'form'],
    ['a kid that two fields share', { 4: '<</Fields[30 0 R 31 0 R]>>', ...sharing(['30', '31']) }, 'form'],
    ['fields below fields, a hundred deep', deepFields(100), 'depth'],
  ]

  test.each(loops)('%s is refused', async (_, changes, what) => {
    const result = await files.look('read', withObjects(changes), { damaged })
    expect(result).toMatchObject({ refused: expect.stringMatching(/^pdf\.(?:damaged|limit)$/), details: { what } })
  })

  test.each<[string, Objects]>([
    [
      'outlines that follow each other in a ring',
      { 1: catalog('/Outlines 30 0 R'), 30: '<</First 31 0 R/Last 31 0 R>>', 31: '<</Next 31 0 R/Parent 30 0 R>>' },
    ],
    ['names below names in a ring', { 1: catalog('/Names<</Dests 30 0 R>>'), 30: '<</Kids[30 0 R]>>' }],
    ['a structure that holds itself', { 1: catalog('/StructTreeRoot 30 0 R'), 30: '<</K 30 0 R>>' }],
    ['an action that follows itself', { 1: catalog('/OpenAction 30 0 R'), 30: '<</S/URI/Next 30 0 R>>' }],
    [
      'a font whose glyphs use the font',
      { 3: '<</Type/Font/Subtype/Type3/Resources<</Font<</F1 3 0 R>>>>/CharProcs 3 0 R>>' },
    ],
  ])('%s is nothing that is followed', async (_, changes) => {
    expect(await files.look('read', withObjects(changes), { damaged })).toEqual({ pages: 2, fields: 3 })
  })

  test('sections that lead to each other are refused or rebuilt', async () => {
    const plainText = text(withObjects({}))
    const loop = plainText.replace('/Root', `/Prev ${plainText.lastIndexOf('xref\n0')}/Root`)
    const result = await files.look('read', Buffer.from(loop, 'latin1'), { damaged })
    const rebuilt = { pages: 2, fields: 3 }
    expect(result).toMatchObject(damaged === 'refuse' ? refused('pdf.damaged', 'xref_loop') : rebuilt)
  })

  test.each(['Length', 'N', 'First'])(
    'an object stream whose /%s lies inside it is refused, or measured',
    async (key) => {
      const entries = Object.entries({ Length: '8', N: '1', First: '4', [key]: '3 0 R' })
      const pack = `<</Type/ObjStm${entries.map(([name, value]) => `/${name} ${value}`).join('')}>>\nstream\n3 0 <<>>\nendstream`
      const result = await files.look('read', packedIn(pack), { damaged })
      // Who repairs looks where a stream ends instead of believing what it says.
      if (damaged === 'repair' && key === 'Length') expect(result).toEqual({ pages: 0, fields: 0 })
      else expect(result).toMatchObject({ refused: 'pdf.damaged', details: { what: expect.anything() } })
    },
  )

  test('an object stream that lies in itself is refused', async () => {
    const result = await files.look(
      'read',
      packedIn('<</Type/ObjStm/N 1/First 4/Length 8>>\nstream\n5 0 <<>>\nendstream', 5),
      { damaged },
    )
    expect(result).toMatchObject({ refused: 'pdf.damaged', details: { what: expect.anything() } })
  })

  test('five thousand pages and ten thousand fields are read', async () => {
    const objects = objectsOf({ form: true, pages: 5000 })
    for (let i = 0; i < 10_000; i++) objects.set(20_000 + i, `<</FT/Tx/T(f${i})>>`)
    objects.set(4, `<</Fields[${list(10_000, (i) => `${20_000 + i} 0 R`)}]>>`)
    expect(await files.look('read', writePdf('object-streams', objects), { damaged })).toEqual({
      pages: 5000,
      fields: 10_000,
    })
  })

  test('more fields than the limit are refused', async () => {
    const changes = { 4: `<</Fields[${list(100_001, (i) => `${i + 30} 0 R`)}]>>` }
    expect(await files.look('read', withObjects(changes), { damaged })).toMatchObject(refused('pdf.limit', 'nodes'))
  })

  test('a picture of 65,000 pixels each way is refused before it is unpacked whole', {
    timeout: 2 * BOMB_MS,
  }, async () => {
    const entries = '/Type/XObject/Subtype/Image/Width 65000/Height 65000/BitsPerComponent 8/ColorSpace/DeviceRGB'
    const file = withObjects({ 30: stream(text(once), `${entries}/Filter/FlateDecode`) })
    expect(await files.look('read', file, { damaged }, BOMB_MS)).toMatchObject(refused('pdf.limit', 'decoded_bytes'))
  })

  test.each<[string, string]>([
    ['arrays', '['.repeat(200_000)],
    ['dictionaries', '<</A '.repeat(200_000)],
    ['brackets in a string', `(${'('.repeat(2_000_000)}`],
    ['digits', '9'.repeat(1_000_000)],
  ])('%s without end cost little', async (_, body) => {
    await files.look('read', withObjects({ 30: body }), { damaged })
  })
})

describe('encrypted', () => {
  const read = (file: Buffer, password?: string) =>
    files.look('read', file, { ...(password !== undefined && { password }) })

  test('for somebody else', async () => {
    const file = buildEncrypted('table', 'AES-256', { user: 'secret' })
    expect(await read(file)).toMatchObject({ refused: 'pdf.password_needed' })
    expect(await read(file, 'wrong')).toMatchObject({ refused: 'pdf.password_needed' })
    expect(await read(file, 'secret')).toEqual({ pages: 2, fields: 3 })
  })

  test.each<[string, Record<string, string>]>([
    ['by a handler that nobody knows', { Filter: '/Adobe.PubSec' }],
    ['by a version to come', { V: '6', R: '7' }],
    ['by a filter that nobody knows', { StmF: '/Other', StrF: '/Other' }],
  ])('%s', async (_, forged) => {
    const result = await read(buildEncrypted('table', 'AES-256', { forged }))
    expect(result).toMatchObject({ refused: expect.stringMatching(/^pdf\.(?:unsupported_encryption|damaged)$/) })
  })

  test('against signing: refused, as the owner wants it', async () => {
    const file = buildEncrypted('table', 'AES-256', { permissions: -3904 })
    expect(await files.look('sign', file, {})).toMatchObject({ refused: 'pdf.permission' })
    expect(await files.look('sign', file, { password: 'owner' })).toEqual({ signed: true })
  })
})

function catalog(entries: string): string {
  return `<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R${entries}>>`
}

function deepPages(depth: number): Objects {
  const nodes = Array.from({ length: depth }, (_, i) => [100 + i, `<</Type/Pages/Count 1/Kids[${101 + i} 0 R]>>`])
  return { 2: '<</Type/Pages/Count 1/Kids[100 0 R]>>', ...Object.fromEntries(nodes), [100 + depth]: '<</Type/Page>>' }
}

function deepFields(depth: number): Objects {
  const nodes = Array.from({ length: depth }, (_, i) => [100 + i, `<</T(a)/Kids[${101 + i} 0 R]>>`])
  return { 4: '<</Fields[100 0 R]>>', ...Object.fromEntries(nodes), [100 + depth]: '<</T(a)/FT/Tx>>' }
}

function sharing(fields: readonly string[]): Objects {
  return Object.fromEntries([
    ...fields.map((number) => [number, `<</T(f${number})/Kids[32 0 R]>>`]),
    [32, '<</FT/Tx/T(k)>>'],
  ])
}

/** A file whose form, object 3, lies in the object stream 5. */
function packedIn(pack: string, number = 3): Buffer {
  let file = '%PDF-1.7\n'
  const rows = [Buffer.from([2, 0, 0, 0, 5, 0])]
  const bodies = {
    1: `<</Type/Catalog/Pages 2 0 R/AcroForm ${number} 0 R>>`,
    2: '<</Type/Pages/Kids[]/Count 0>>',
    5: pack,
  }
  const at: number[] = []
  for (const [own, body] of Object.entries(bodies)) {
    if (Number(own) === number) continue
    at.push(Number(own))
    const row = Buffer.from([1, 0, 0, 0, 0, 0])
    row.writeUInt32BE(file.length, 1)
    rows.push(row)
    file += `${own} 0 obj\n${body}\nendobj\n`
  }
  const index = [number, ...at].map((own) => `${own} 1`).join(' ')
  const section = stream(text(Buffer.concat(rows)), `/Type/XRef/W[1 4 1]/Size 90/Root 1 0 R/Index[${index}]`)
  return Buffer.from(`${file}90 0 obj\n${section}\nendobj\nstartxref\n${file.length}\n%%EOF`, 'latin1')
}
