import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { openPdf } from '../open-pdf.ts'
import { PdfError } from '../pdf-error.ts'
import { RevisionWriter } from '../revision-writer.ts'
import { bytesSource } from '../source.ts'
import { buildPdf } from '../testing/pdf-builder.ts'
import { plainTypesetter, UNKNOWN } from '../testing/plain-typesetter.ts'
import { buildPng } from '../testing/png-builder.ts'
import { latin1, NULL, type Ref } from '../values.ts'
import { type AppearanceContent, type AppearanceRequest, appearance } from './appearance.ts'
import { readPng } from './png.ts'

const pdf = buildPdf('table')

/** Adds an appearance; the document with it, and the object. */
function shown(content: AppearanceContent, request: Partial<AppearanceRequest> = {}) {
  const writer = new RevisionWriter(openPdf(bytesSource(pdf)))
  const ref = appearance(writer, { content, width: 200, height: 50, typesetter: plainTypesetter, ...request })
  const document = openPdf(bytesSource(Buffer.concat([pdf, writer.finish(Buffer.from('a')).tail])))
  const dict = document.dict(ref) ?? new Map()
  const data = (of: Ref) => {
    const object = document.object(of)
    if (!object) throw new Error('the appearance is missing')
    return Buffer.from(document.streamData(object))
  }
  return { document, dict, content: data(ref).toString('latin1'), data }
}

const gray = { width: 2, height: 2, type: 0 }
const small = buildPng({
  ...gray,
  rows: [
    [0, 128],
    [255, 64],
  ],
})
/** The header of a JPEG file up to its frame. */
const jpeg = (frame: number, bits: number, width: number, components: number) =>
  Buffer.from([
    0xff,
    0xd8,
    0xff,
    0xe0,
    0,
    4,
    1,
    2,
    0xff,
    frame,
    0,
    17,
    bits,
    0,
    9,
    width >> 8,
    width & 255,
    components,
    0,
    0,
  ])

describe('not shown', () => {
  test.each<[string, string, AppearanceContent]>([
    ['a character without a glyph', 'pdf.text', { lines: [UNKNOWN] }],
    ['a picture of no known kind', 'pdf.image', { image: Buffer.from('GIF89a') }],
    ['a picture and a drawing', 'pdf.image', { image: small, strokes: [[{ x: 1, y: 1 }]] }],
    ['a PNG file that is cut off', 'pdf.image', { image: small.subarray(0, 50) }],
    ['a PNG file with a changed byte', 'pdf.image', { image: Buffer.from(small).fill(1, 20, 21) }],
    ['a PNG file without pixels', 'pdf.image', { image: buildPng({ ...gray, width: 0, rows: [] }) }],
    [
      'a PNG file of a billion pixels',
      'pdf.image',
      { image: buildPng({ ...gray, width: 40_000, height: 40_000, rows: [] }) },
    ],
    ['a PNG file with a row too few', 'pdf.image', { image: buildPng({ ...gray, rows: [[1, 2]] }) }],
    [
      'a PNG file with a row too many',
      'pdf.image',
      {
        image: buildPng({
          ...gray,
          rows: [
            [1, 2],
            [1, 2],
            [1, 2],
          ],
        }),
      },
    ],
    [
      'an interlaced PNG file',
      'pdf.image',
      {
        image: buildPng({
          ...gray,
          interlace: 1,
          rows: [
            [1, 2],
            [1, 2],
          ],
        }),
      },
    ],
    [
      'a PNG file of an unknown type',
      'pdf.image',
      {
        image: buildPng({
          ...gray,
          type: 5,
          rows: [
            [1, 2],
            [1, 2],
          ],
        }),
      },
    ],
    [
      'a colour that the palette lacks',
      'pdf.image',
      {
        image: buildPng({
          ...gray,
          type: 3,
          palette: [1, 2, 3],
          rows: [
            [0, 1],
            [0, 0],
          ],
        }),
      },
    ],
    ['a lossless JPEG file', 'pdf.image', { image: jpeg(0xc3, 8, 9, 3) }],
    ['a JPEG file of twelve bits', 'pdf.image', { image: jpeg(0xc1, 12, 9, 3) }],
    ['a JPEG file for printing', 'pdf.image', { image: jpeg(0xc0, 8, 9, 4) }],
    ['a JPEG file without a width', 'pdf.image', { image: jpeg(0xc0, 8, 0, 3) }],
    ['a JPEG file that is cut off', 'pdf.image', { image: jpeg(0xc0, 8, 9, 3).subarray(0, 14) }],
    ['a drawing without points', 'pdf.strokes', { strokes: [[]] }],
    ['a drawing that leaves the plane', 'pdf.strokes', { strokes: [[{ x: Number.NaN, y: 0 }]] }],
    [
      'a drawing of too many points',
      'pdf.strokes',
      { strokes: [Array.from({ length: 20_001 }, () => ({ x: 0, y: 0 }))] },
    ],
  ])('%s', (_, code, content) => {
    expect(() => shown(content)).toThrow(expect.objectContaining({ code }))
  })

  test('whatever the bytes of a picture are, they give a picture or the error of this folder', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(small, jpeg(0xc0, 8, 9, 3)),
        fc.array(fc.tuple(fc.nat(), fc.nat(255))),
        (file, edits) => {
          const bytes = Buffer.from(file)
          for (const [at, byte] of edits) bytes[at % bytes.length] = byte
          try {
            shown({ image: bytes })
          } catch (error) {
            expect(error).toBeInstanceOf(PdfError)
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('text', () => {
  const sizesIn = (content: string) => [...content.matchAll(/\/F0 ([\d.]+) Tf/g)].map((match) => Number(match[1]))
  const placesIn = (content: string) =>
    [...content.matchAll(/1 0 0 1 ([\d.-]+) ([\d.-]+) Tm/g)].map((match) => match.slice(1).map(Number))

  test('is as large as fits, broken between words, and clipped to its box', () => {
    const { content } = shown({ lines: ['Ana Ruiz', 'a line that is a good deal longer than the box is wide'] })
    expect(sizesIn(content).length).toBeGreaterThan(2)
    expect(new Set(sizesIn(content)).size).toBe(1)
    expect(content).toMatch(/^q\n3 3 194 44 re W n/)
    for (const [x = 0, y = 0] of placesIn(content)) expect([x >= 3, y >= 3, y <= 47]).toEqual([true, true, true])
  })

  test('that cannot fit is not made too small to read', () => {
    expect(Math.min(...sizesIn(shown({ lines: ['word '.repeat(500)] }).content))).toBeGreaterThanOrEqual(4)
  })

  test('stands beside a picture, at its right', () => {
    const { content } = shown({ lines: ['Ana'], image: small })
    expect(placesIn(content)[0]?.[0]).toBeGreaterThan(80)
    expect(content).toMatch(/^q 44 0 0 44 [\d.]+ 3 cm \/I0 Do Q/)
  })
})

test.each([
  [0, '[0 0 200 50]', 'null'],
  [90, '[0 0 50 200]', '[0 1 -1 0 200 0]'],
  [180, '[0 0 200 50]', '[-1 0 0 -1 200 50]'],
  [270, '[0 0 50 200]', '[0 -1 1 0 0 50]'],
] as const)('on a page that is turned by %i the appearance is turned back', (pageRotation, box, matrix) => {
  const { dict } = shown({ strokes: [[{ x: 1, y: 1 }]] }, { pageRotation })
  expect([latin1(dict.get('BBox') ?? NULL), latin1(dict.get('Matrix') ?? NULL)]).toEqual([box, matrix])
})

describe('a picture', () => {
  test.each<[string, Parameters<typeof buildPng>[0], number[], number[] | undefined]>([
    ['of one bit', { width: 3, height: 1, type: 0, depth: 1, rows: [[0b10100000]] }, [255, 0, 255], undefined],
    ['of four bits', { width: 3, height: 1, type: 0, depth: 4, rows: [[0x0f, 0x80]] }, [0, 255, 136], undefined],
    [
      'of sixteen bits',
      { width: 1, height: 1, type: 2, depth: 16, rows: [[1, 99, 2, 99, 3, 99]] },
      [1, 2, 3],
      undefined,
    ],
    [
      'with a palette',
      { width: 2, height: 1, type: 3, depth: 2, palette: [1, 2, 3, 4, 5, 6], transparency: [7], rows: [[0b01000000]] },
      [4, 5, 6, 1, 2, 3],
      [255, 7],
    ],
    [
      'with opacity',
      {
        width: 1,
        height: 2,
        type: 6,
        rows: [
          [1, 2, 3, 4],
          [5, 6, 7, 8],
        ],
      },
      [1, 2, 3, 5, 6, 7],
      [4, 8],
    ],
    ['with gray and opacity', { width: 2, height: 1, type: 4, rows: [[1, 2, 3, 4]] }, [1, 3], [2, 4]],
    [
      'with a colour that is nothing',
      { width: 2, height: 1, type: 2, transparency: [0, 1, 0, 2, 0, 3], rows: [[1, 2, 3, 3, 2, 1]] },
      [1, 2, 3, 3, 2, 1],
      [0, 255],
    ],
  ])('%s is read', (_, options, colour, alpha) => {
    const pixels = readPng(buildPng(options))
    expect([...pixels.colour]).toEqual(colour)
    expect(pixels.alpha && [...pixels.alpha]).toEqual(alpha)
  })

  test('is see-through where it was, and laid on white where PDF/A-1 knows no transparency', () => {
    const image = buildPng({ width: 1, height: 1, type: 4, rows: [[0, 51]] })
    const imageOf = ({ document, dict }: ReturnType<typeof shown>) => {
      const objects = document.dict(document.dict(dict.get('Resources'))?.get('XObject'))
      return document.dict(objects?.get('I0'))
    }
    expect(imageOf(shown({ image }))?.has('SMask')).toBe(true)
    expect(imageOf(shown({ image }, { archivePart: 1 }))?.has('SMask')).toBe(false)
  })

  test('in JPEG goes in as it is', () => {
    const { document, dict } = shown({ image: jpeg(0xc2, 8, 9, 3) })
    const objects = document.dict(document.dict(dict.get('Resources'))?.get('XObject'))
    const image = document.dict(objects?.get('I0'))
    expect(['Width', 'Height', 'Filter', 'Length'].map((key) => latin1(image?.get(key) ?? NULL))).toEqual([
      ...['9', '9', '/DCTDecode', '20'],
    ])
  })
})

test('a drawn signature is a smooth path inside its box, thicker where the pen was pressed', () => {
  const stroke = [0, 1, 2, 3, 4].map((i) => ({ x: i * 10, y: (i % 2) * 20, pressure: i / 4 }))
  const { content } = shown({ strokes: [stroke, [{ x: 5, y: 5 }]] })
  expect(content.match(/ c$/gm)).toHaveLength(4)
  const widths = [...content.matchAll(/^([\d.]+) w /gm)].map((match) => Number(match[1]))
  expect(widths.slice(0, 4)).toEqual(widths.slice(0, 4).toSorted((a, b) => a - b))
  for (const [, x, y] of content.matchAll(/([\d.-]+) ([\d.-]+) (?:m|l|c)/g)) {
    expect(Number(x)).toBeGreaterThanOrEqual(3)
    expect(Number(x)).toBeLessThanOrEqual(197)
    expect(Number(y)).toBeGreaterThanOrEqual(3)
    expect(Number(y)).toBeLessThanOrEqual(47)
  }
})
