import { deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bytesSource,
  defaultLimits,
  findPage,
  formFields,
  openPdf,
  type PdfDocument,
  PdfError,
  pages,
  RevisionWriter,
} from './index.ts'
import { damages } from './testing/damage.ts'
import { buildPdf, kinds, objectsOf, stream, writePdf } from './testing/pdf-builder.ts'

/* Whole files that are made or broken to do harm: each is read, or refused by the error of this folder, in seconds. */

const isLong = process.env['CHANCERY_TEST_LONG'] === '1'
const LIMITS = { ...defaultLimits, decodedBytes: 20_000_000 }
const MODES = ['refuse', 'repair'] as const
type Mode = (typeof MODES)[number]

const open = (pdf: Uint8Array, damaged: Mode) => openPdf(bytesSource(pdf), { damaged, limits: LIMITS })

/** Everything that signing looks at, and every stream. */
function readAll(document: PdfDocument): string {
  const shown = `${[...pages(document)].length} pages, ${formFields(document).length} fields`
  for (let number = 1; number < Math.min(document.firstFreeNumber, 200); number++) {
    const entry = document.entry(number)
    const generation = entry?.kind === 'offset' ? entry.generation : 0
    const object = document.object({ number, generation })
    if (object?.streamOffset !== undefined) document.streamData(object)
  }
  return shown
}

/** What came of it; throws whatever is not the error of this folder. */
function outcome(pdf: Uint8Array, mode: Mode): unknown {
  try {
    return readAll(open(pdf, mode))
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
    return error.details['what'] ?? error.code
  }
}

function withObjects(changes: Readonly<Record<number, string>>): Buffer {
  return writePdf(
    'table',
    new Map([...objectsOf({ form: true }), ...Object.entries(changes).map(([n, v]) => [Number(n), v] as const)]),
  )
}

const deflated = (data: string | Buffer) => deflateSync(typeof data === 'string' ? Buffer.from(data, 'latin1') : data)
const binary = (data: Buffer) => data.toString('latin1')
const zeros = (length: number) => Buffer.alloc(length)
const list = (count: number, item: (i: number) => string) => Array.from({ length: count }, (_, i) => item(i)).join(' ')

describe.each(MODES)('read in the mode %s,', (mode) => {
  const bomb = binary(deflated(zeros(60_000_000)))
  const twice = binary(deflated(deflated(zeros(60_000_000))))
  const hex = binary(deflated('00'.repeat(25_000_000)))
  const predicted = binary(deflated(zeros(60_000_001)))

  describe('a stream that unfolds is stopped,', () => {
    test.each<[string, string, string]>([
      ['by one filter', stream(bomb, '/Filter/FlateDecode'), 'decoded_bytes'],
      ['by one inside another', stream(twice, '/Filter[/FlateDecode/FlateDecode]'), 'decoded_bytes'],
      ['by text inside', stream(hex, '/Filter[/FlateDecode/ASCIIHexDecode]'), 'decoded_bytes'],
      ['by five filters', stream('', `/Filter[${'/FlateDecode'.repeat(5)}]`), 'filters'],
      ['by z after z', stream(`${'z'.repeat(6_000_000)}~>`, '/Filter/ASCII85Decode'), 'decoded_bytes'],
      [
        'by rows of a predictor',
        stream(predicted, '/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 1>>'),
        'decoded_bytes',
      ],
    ])('%s', (_, body, expected) => {
      expect(outcome(withObjects({ 30: body }), mode)).toBe(expected)
    })

    test('also when many small ones do it together', () => {
      const small = stream(binary(deflated(zeros(1_000_000))), '/Filter/FlateDecode')
      const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [30 + i, small]))
      expect(outcome(withObjects(many), mode)).toBe('decoded_bytes')
    })
  })

  describe('a loop is refused,', () => {
    test.each<[string, Record<number, string>, string]>([
      ['of one reference', { 4: '4 0 R' }, 'reference_loop'],
      ['of three references', { 4: '30 0 R', 30: '31 0 R', 31: '4 0 R' }, 'reference_loop'],
      ['of pages through their parent', { 2: '<</Type/Pages/Kids[10 0 R]>>', 10: '<</Kids[2 0 R]>>' }, 'page_tree'],
      ['of fields', { 7: '<</T(a)/Kids[30 0 R]>>', 30: '<</T(b)/Kids[7 0 R]>>' }, 'form'],
    ])('%s', (_, changes, expected) => {
      expect(outcome(withObjects(changes), mode)).toBe(expected)
    })
  })

  test.each<[string, Record<number, string>, string | RegExp]>([
    ['ten thousand fields', { 4: `<</Fields[${list(10_000, (i) => `${100 + i} 0 R`)}]>>` }, /0 fields/],
    [
      'five thousand pages that are missing',
      { 2: `<</Type/Pages/Kids[${list(5000, (i) => `${100 + i} 0 R`)}]>>` },
      'page_tree',
    ],
    ['a number of a thousand digits', { 4: `<</Fields[${'9'.repeat(1000)} 0 R]>>` }, /./],
    ['a reference beyond all numbers', { 4: '<</Fields[99999999999999999999 0 R]>>' }, /./],
    ['a length beyond all files', { 30: '<</Length 99999999999999999>>\nstream\nx\nendstream' }, /./],
    ['arrays in each other', { 30: `${'['.repeat(100_000)}` }, /./],
    ['dictionaries in each other', { 30: `${'<</A '.repeat(100_000)}` }, /./],
    ['brackets in a string', { 30: `(${'('.repeat(1_000_000)}` }, /./],
  ])('%s cost little', { timeout: 10_000 }, (_, changes, expected) => {
    expect(outcome(withObjects(changes), mode)).toEqual(
      typeof expected === 'string' ? expected : expect.stringMatching(expected),
    )
  })

  test('five thousand pages and ten thousand fields are read', { timeout: 10_000 }, () => {
    const objects = objectsOf({ form: true, pages: 5000 })
    for (let i = 0; i < 10_000; i++) objects.set(20_000 + i, `<</FT/Tx/T(f${i})>>`)
    objects.set(4, `<</Fields[${list(10_000, (i) => `${20_000 + i} 0 R`)}]>>`)
    expect(outcome(writePdf('object-streams', objects), mode)).toBe('5000 pages, 10000 fields')
  })

  test('a length that is itself is refused or replaced', () => {
    const pdf = withObjects({ 30: '<</Length 31 0 R>>\nstream\nx\nendstream', 31: '31 0 R' })
    expect(outcome(pdf, mode)).toBe(mode === 'refuse' ? 'reference_loop' : '2 pages, 3 fields')
  })

  test('sections that lead to each other are refused or rebuilt', () => {
    const pdf = buildPdf('table').toString('latin1')
    const loop = Buffer.from(pdf.replace('/Root', `/Prev ${pdf.lastIndexOf('xref\n0')}/Root`), 'latin1')
    expect(outcome(loop, mode)).toBe(mode === 'refuse' ? 'xref_loop' : '2 pages, 0 fields')
  })
})

/** Reads what is left when a file is cut off at every so many bytes. */
function cutAt(pdf: Buffer, step: number): void {
  for (let size = pdf.length; size > 0; size -= step) for (const mode of MODES) outcome(pdf.subarray(0, size), mode)
}

describe.each(kinds)('a file of the kind %s,', (kind) => {
  const pdf = buildPdf(kind, { form: true })

  test('cut off where a revision ends is the document of then', () => {
    let file = pdf
    const ends = [pdf.length]
    for (const city of ['Cusco', 'Puno', 'Ica']) {
      const writer = new RevisionWriter(open(file, 'refuse'))
      writer.put({ number: 5, generation: 0 }, `<</FT/Tx/T(city)/V(${city})>>`)
      file = Buffer.concat([file, writer.finish(Buffer.from(city)).tail])
      ends.push(file.length)
    }
    for (const [i, end] of ends.entries()) {
      for (const mode of MODES) {
        const document = open(file.subarray(0, end), mode)
        expect([document.revisions.length, document.findings]).toEqual([i + 1, []])
      }
    }
    cutAt(file, isLong ? 3 : 197)
  })

  test('cut off at every 97th byte', { timeout: 30_000 }, () => {
    cutAt(pdf, isLong ? 1 : 97)
    expect(outcome(pdf, 'refuse')).toBe('2 pages, 3 fields')
  })

  test('with another byte at every 101st place', { timeout: 30_000 }, () => {
    for (let at = 0; at < pdf.length; at += isLong ? 3 : 101) {
      for (const byte of [0x00, 0x28, 0x3c, 0x39, 0xff]) {
        const changed = Buffer.from(pdf)
        changed[at] = byte
        for (const mode of MODES) outcome(changed, mode)
      }
    }
  })

  test('damaged in several ways at once', { timeout: 30_000 }, () => {
    const names = Object.keys(damages) as (keyof typeof damages)[]
    fc.assert(
      fc.property(fc.subarray(names, { minLength: 2, maxLength: 4 }), (chosen) => {
        outcome(
          chosen.reduce<Buffer>((file, name) => damages[name](file), pdf),
          'repair',
        )
      }),
      { numRuns: isLong ? 2000 : 60, seed: 20_261_121 },
    )
  })
})

/** Values by the grammar, and what only looks like one. */
const value = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(
      'null',
      'true',
      '0',
      '-1',
      '+.5',
      '1 0 R',
      '9 0 R',
      '2 0 R',
      '<41',
      '(a',
      ')',
      '>>',
      '/',
      '--1',
      '#',
    ),
    fc.nat().map(String),
    fc.string({ maxLength: 8 }).map((text) => `(${text})`),
    fc.constantFrom('Type', 'Kids', 'Length', 'A#42', 'Filter', 'FlateDecode').map((name) => `/${name}`),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(' ')}]`),
    fc
      .array(fc.tuple(fc.constantFrom('Type', 'Kids', 'Count', 'Fields', 'Length', 'N', 'First', 'V'), tie('value')), {
        maxLength: 4,
      })
      .map((entries) => `<<${entries.map(([key, item]) => `/${key} ${item}`).join('')}>>`),
  ),
})).value

describe('by the grammar of objects and of cross-references,', () => {
  const parameters = { numRuns: isLong ? 20_000 : 400, seed: 1_121_2026 }

  test('objects of any form', { timeout: 60_000 }, () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('2', '4', '5', '7', '10', '11', '30'), value), (changes) => {
        for (const mode of MODES) outcome(withObjects(changes), mode)
      }),
      parameters,
    )
  })

  test('tables of any form', { timeout: 60_000 }, () => {
    const text = buildPdf('table', { form: true }).toString('latin1')
    const start = text.lastIndexOf('xref\n0')
    const line = fc.oneof(
      fc.tuple(fc.nat(15), fc.nat(15)).map(([first, count]) => `${first} ${count}\n`),
      fc.tuple(fc.nat(text.length), fc.nat(3), fc.constantFrom('n', 'f', 'x')).map(([at, generation, letter]) => {
        return `${String(at).padStart(10, '0')} ${String(generation).padStart(5, '0')} ${letter} \n`
      }),
      fc.constantFrom('xref\n', 'trailer\n', '\n', `<</Root 1 0 R/Prev ${start}>>`, '% comment\n'),
    )
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), value, (lines, root) => {
        const section = `xref\n${lines.join('')}trailer\n<</Size 14/Root ${root}>>\nstartxref\n${start}\n%%EOF\n`
        for (const mode of MODES) outcome(Buffer.from(text.slice(0, start) + section, 'latin1'), mode)
      }),
      parameters,
    )
  })
})

test('a page beyond the last is not found in a repaired document either', () => {
  expect(() => findPage(open(buildPdf('table'), 'repair'), 9)).toThrow(PdfError)
})
