import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import { bytesSource, type FieldValues, listFields, openPdf } from '../../pdf/index.ts'
import { buildForm } from '../../pdf/testing/form-builder.ts'
import { buildPdf, type Kind, kinds, objectsOf, writePdf } from '../../pdf/testing/pdf-builder.ts'
import { buildPng } from '../../pdf/testing/png-builder.ts'
import { NOW } from '../../pki/testing/authority.ts'
import type { Bytes } from '../../std/bytes.ts'
import { signed, signers } from '../testing/signing.ts'
import { prepareFill } from './prepare-fill.ts'

const has = (tool: string) => spawnSync(tool, ['-v']).error === undefined
const hasPoppler = has('pdftotext') && has('pdffonts') && has('pdftoppm')
const folder = await makeTemporaryDirectory('fill-judges')
afterAll(() => folder.remove())

let count = 0
function put(bytes: Bytes): string {
  const path = join(folder.path, `${++count}.pdf`)
  writeFileSync(path, bytes)
  return path
}

async function filled(values: FieldValues, kind: Kind = 'table', flatten = false): Promise<Buffer> {
  // Viewers draw what has no appearance by themselves; here all is drawn by us.
  const pdf = buildForm(kind, { form: '/NeedAppearances true' })
  return Buffer.concat([pdf, await prepareFill(bytesSource(pdf), { values, flatten, filledAt: NOW })])
}

/** The text of a page without the marks of direction that poppler adds. */
function textOf(pdf: Bytes): string {
  const said = execFileSync('pdftotext', ['-layout', '-l', '1', put(pdf), '-'], { encoding: 'utf8' })
  return withoutSpace(said.replace(/[\u202a-\u202e\u200e\u200f]/g, ''))
}

/** Where directions meet, poppler puts the space at the other side of the word. */
function withoutSpace(text: string): string {
  return text.replace(/ /g, '')
}

/** The darkest and the lightest gray in a part of the first page, given in points from its lower left corner. */
function grays(pdf: Bytes, [left, bottom, right, top]: readonly [number, number, number, number]): [number, number] {
  const picture = execFileSync('pdftoppm', [
    ...['-gray', '-r', '72', '-l', '1', '-x', String(left), '-y', String(842 - top)],
    ...['-W', String(right - left), '-H', String(top - bottom), put(pdf)],
  ])
  const pixels = picture.subarray(picture.length - (right - left) * (top - bottom))
  return [Math.min(...pixels), Math.max(...pixels)]
}

const texts: readonly (readonly [string, string])[] = [
  ['Latin', 'Łukasz Żółć, São Paulo – 5 €'],
  ['Cyrillic', 'Иван Щербаков'],
  ['Greek', 'Ωμέγα Ελληνικά'],
  ['Arabic', 'مرحبا بالعالم'],
  ['Chinese', '合同签名'],
  ['Japanese', '山田太郎のカタカナ'],
  ['Korean', '홍길동 계약서'],
  ['Latin around Arabic', 'Total سلام abc'],
  ['Hindi', 'नमस्ते'],
]

describe.skipIf(!hasPoppler)('a value comes back from the page', () => {
  test.each(texts)('in %s', async (_, text) => {
    const pdf = await filled({ name: text })
    expect(textOf(pdf)).toContain(withoutSpace(text))
    expect(grays(pdf, [50, 740, 300, 760])[0]).toBeLessThan(128)
  })

  test.each(texts)('in %s as the name of a signer', async (_, text) => {
    const after = await signed(buildPdf('table'), signers.ana, {
      field: { rectangle: [60, 100, 300, 160] },
      appearance: { lines: [text, '2026-11-20'] },
    })
    expect(textOf(after)).toContain(withoutSpace(text))
    expect(grays(after, [60, 100, 300, 160])[0]).toBeLessThan(128)
  })

  test('in Arabic with a number, whose words poppler puts in the order of the page', async () => {
    const said = textOf(await filled({ name: 'العقد رقم 123 بيت' }))
    for (const word of ['العقد', 'رقم', '123', 'بيت']) expect(said).toContain(word)
  })

  test('in several lines, and in cells', async () => {
    const said = textOf(await filled({ notes: 'First line\nثانيا سطر\n第三行', code: 'AB12' }))
    for (const line of ['First line', 'ثانيا سطر', '第三行']) expect(said).toContain(withoutSpace(line))
    expect(said).toContain('AB12')
  })
})

describe.skipIf(!hasPoppler)('on a page that is shown turned', () => {
  // Where a box of 240 times 60 points at the left of the lower edge is shown, in points of the picture.
  test.each([
    [90, [60, 100, 120, 340]],
    [180, [60, 100, 300, 160]],
    [270, [60, 100, 120, 340]],
  ] as const)('by %i degrees a signature is read upright', async (degrees, rectangle) => {
    const objects = objectsOf({ pages: 1 })
    const turned = (objects.get(2) ?? '').replace('/Count', `/Rotate ${degrees}/Count`)
    const pdf = await signed(writePdf('table', objects.set(2, turned)), signers.ana, {
      field: { rectangle },
      appearance: { lines: ['Ana María Ruiz'] },
    })
    const said = execFileSync('pdftotext', ['-bbox', put(pdf), '-'], { encoding: 'utf8' })
    const words = [
      ...said.matchAll(/xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(Ana|María|Ruiz)</g),
    ]
    const [first, second, third] = words.map((word) => word.slice(1, 5).map(Number))
    expect(words.map((word) => word[5])).toEqual(['Ana', 'María', 'Ruiz'])
    expect((first?.[2] ?? 0) < (second?.[0] ?? 0) && (second?.[2] ?? 0) < (third?.[0] ?? 0)).toBe(true)
    expect(Math.abs((first?.[1] ?? 0) - (third?.[1] ?? 9))).toBeLessThan(0.5)
  })
})

test.skipIf(!hasPoppler)('all fonts of values are embedded subsets that tell their text', async () => {
  const pdf = await filled({ name: texts.map(([, text]) => text).join(' ') })
  const rows = execFileSync('pdffonts', [put(pdf)], { encoding: 'utf8' })
    .split('\n')
    .slice(2)
  const own = rows.filter((row) => row.includes('Noto'))
  expect(own.length).toBe(4)
  for (const row of own) expect(row).toMatch(/^[A-Z]{6}\+Noto.* (CID TrueType|CID Type 0C) +Identity-H +yes yes yes/)
})

describe.skipIf(!hasPoppler)('a picture of a signature', () => {
  const rows = Array.from({ length: 20 }, (_, y) =>
    Array.from({ length: 20 }, (__, x) => (x > 4 && x < 15 && y > 4 && y < 15 ? 0 : 255)),
  )
  test.each([
    ['from a PNG file', { image: buildPng({ width: 20, height: 20, type: 0, rows }) }],
    [
      'drawn by hand',
      {
        strokes: [
          [
            { x: 0, y: 0 },
            { x: 50, y: 40, pressure: 1 },
            { x: 100, y: 0 },
          ],
        ],
      },
    ],
    ['from a PNG file beside text', { image: buildPng({ width: 20, height: 20, type: 0, rows }), lines: ['Ana Ruiz'] }],
  ])('%s is on the page', async (_, appearance) => {
    const pdf = await signed(buildPdf('table'), signers.ana, { field: { rectangle: [60, 100, 260, 160] }, appearance })
    expect(grays(pdf, [60, 100, 260, 160])[0]).toBeLessThan(64)
  })

  test('from a JPEG file is on the page', async () => {
    const page = await filled({ name: 'Ana' })
    execFileSync('pdftoppm', ['-jpeg', '-r', '40', '-l', '1', '-singlefile', put(page), join(folder.path, 'page')])
    const image = readFileSync(join(folder.path, 'page.jpg'))
    const pdf = await signed(buildPdf('table'), signers.ana, {
      field: { rectangle: [60, 100, 260, 400] },
      appearance: { image },
    })
    const [dark, light] = grays(pdf, [60, 100, 260, 400])
    expect([dark < 160, light > 240]).toEqual([true, true])
  })
})

const everything: FieldValues = {
  ...{ name: 'Ana 合同', notes: 'a\nb', code: 'AB', agree: true, news: true, city: 'Lima' },
  ...{ free: 'سلام', many: ['Dos'], kind: '1', twice: 'x', 'group.inner': 'in', turned: 'up' },
}

describe.skipIf(!has('qpdf'))('qpdf finds nothing wrong', () => {
  test.each(kinds.flatMap((kind) => [[kind, false] as const, [kind, true] as const]))(
    'in a form of the kind %s, flattened: %s',
    async (kind, flatten) => {
      const { status, stdout } = spawnSync('qpdf', ['--check', put(await filled(everything, kind, flatten))], {
        encoding: 'utf8',
      })
      expect([status, stdout.includes('WARNING')]).toEqual([0, false])
    },
  )
})

describe.skipIf(!has('qpdf'))('an encrypted document', () => {
  const encrypted = (...permissions: string[]) => {
    const out = join(folder.path, `${++count}.pdf`)
    execFileSync('qpdf', [put(buildForm()), '--encrypt', '', 'owner', '256', ...permissions, '--', out])
    return readFileSync(out)
  }
  const fill = (pdf: Bytes, flatten = false) =>
    prepareFill(bytesSource(pdf), { values: { name: 'Łukasz 合同' }, flatten, filledAt: NOW })

  test('whose author allows no changes is refused', async () => {
    await expect(fill(encrypted('--modify=none'))).rejects.toMatchObject({ code: 'pdf.permission' })
    await expect(fill(encrypted('--modify=form'), true)).rejects.toMatchObject({ code: 'pdf.permission' })
  })

  test('whose author allows to fill is filled, and encrypted still', async () => {
    const pdf = encrypted('--modify=form')
    const after = Buffer.concat([pdf, await fill(pdf)])
    expect(listFields(openPdf(bytesSource(after))).find(({ name }) => name === 'name')?.value).toBe('Łukasz 合同')
    expect(spawnSync('qpdf', ['--check', put(after)]).status).toBe(0)
    if (hasPoppler) expect(textOf(after)).toContain('Łukasz合同')
  })
})

test.skipIf(!hasPoppler)('flattened fields look as they did before', async () => {
  const picture = (pdf: Bytes) => execFileSync('pdftoppm', ['-gray', '-r', '72', '-l', '1', put(pdf)])
  const { values, flat } = { values: await filled(everything), flat: await filled(everything, 'table', true) }
  const [before, after] = [picture(values), picture(flat)]
  expect(after.length).toBe(before.length)
  let different = 0
  before.forEach((gray, i) => {
    if (Math.abs(gray - (after[i] ?? 0)) > 40) different++
  })
  expect(different).toBeLessThan(20)
})

test.skipIf(!has('pdfsig'))('pdfsig finds earlier signatures valid after filling', async () => {
  const certified = await signed(buildForm(), signers.ana, { certify: 2 })
  const tail = await prepareFill(bytesSource(certified), { values: { name: 'Łukasz', agree: true }, filledAt: NOW })
  const twice = await signed(Buffer.concat([certified, tail]), signers.juan)
  const said = execFileSync('pdfsig', ['-nocert', put(twice)], { encoding: 'utf8' })
  expect(said.match(/Signature Validation: Signature is Valid/g)).toHaveLength(2)
})
