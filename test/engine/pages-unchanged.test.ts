import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type FileName, fileNames, openSample, type SampleFile, sampleFiles } from '../support/engine-files.ts'
import { type Desk, openDesk, run, skippedTools } from '../support/engine-tools.ts'
import { openWorkshop, type Workshop } from '../support/engine-workshop.ts'

const skipped = skippedTools('pdftotext', 'pdftoppm')

let workshop: Workshop
let desk: Desk
beforeAll(async () => {
  workshop = await openWorkshop()
  desk = await openDesk()
})
afterAll(async () => {
  await workshop[Symbol.asyncDispose]()
  await desk.remove()
})

/** In points, from the lower left corner of the first page. */
const RECTANGLE = [60, 200, 300, 260] as const
const PAGE = { width: 595, height: 842 } as const

function passwordOf(name: FileName): string[] {
  const { open }: SampleFile = sampleFiles[name]
  return open?.password === undefined ? [] : ['-upw', open.password]
}

async function textOf(name: FileName, pdf: Uint8Array): Promise<string> {
  const { out } = await run('pdftotext', ['-layout', ...passwordOf(name), await desk.put(pdf, 'pdf'), '-'])
  return out.toString('utf8')
}

/** The pixels of a page, one byte for each, a pixel for each point. */
async function pixelsOf(name: FileName, pdf: Uint8Array, page: number): Promise<Buffer> {
  const { out } = await run('pdftoppm', [
    ...['-gray', '-r', '72', '-scale-to-x', String(PAGE.width), '-scale-to-y', String(PAGE.height)],
    ...['-f', String(page), '-l', String(page), ...passwordOf(name), await desk.put(pdf, 'pdf')],
  ])
  return out.subarray(out.length - PAGE.width * PAGE.height)
}

/** How many pixels differ inside the rectangle of the signature, and how many outside. */
function differences(a: Buffer, b: Buffer): { inside: number; outside: number } {
  const [left, bottom, right, top] = RECTANGLE
  const count = { inside: 0, outside: 0 }
  for (const [i, pixel] of a.entries()) {
    if (pixel === b[i]) continue
    const [x, y] = [i % PAGE.width, PAGE.height - Math.floor(i / PAGE.width)]
    const isInside = x >= left - 1 && x <= right && y >= bottom && y <= top + 1
    count[isInside ? 'inside' : 'outside']++
  }
  return count
}

/** What the pages must show: what they showed before the file was damaged. */
async function originalOf(name: FileName): Promise<Buffer> {
  const { whole }: SampleFile = sampleFiles[name]
  return whole?.() ?? (await workshop.signedBefore(name, 0))
}

/** A text that poppler finds in the document. Objects that a hybrid file hides from old readers it does not find. */
function isShown(name: FileName): string {
  return name === 'hybrid' ? 'Lima' : 'Page 1'
}

describe.skipIf(skipped !== '')(`what the pages show${skipped}`, () => {
  test.each(fileNames)('%s: the same after two invisible signatures, one of them archived', async (name) => {
    const original = await originalOf(name)
    const after = await workshop.signedBefore(name, 2)
    expect(await textOf(name, original)).toContain(isShown(name))
    expect(await textOf(name, after)).toBe(await textOf(name, original))
    for (const page of [1, 2]) {
      const pixels = await pixelsOf(name, original, page)
      expect((await pixelsOf(name, after, page)).equals(pixels)).toBe(true)
    }
  })

  test.each(fileNames)('%s: the same around a visible signature', async (name) => {
    const before = await workshop.signedBefore(name, 0)
    const after = await workshop.sign(openSample(name, before), before, {
      level: 'B-B',
      signer: workshop.signer('P-256', 'Ana Ruiz'),
      field: { rectangle: RECTANGLE },
      appearance: { lines: ['Ana Ruiz', 'Acepto las condiciones'] },
    })
    expect(await textOf(name, after)).toContain('Acepto las condiciones')
    const original = await originalOf(name)
    const { inside, outside } = differences(await pixelsOf(name, original, 1), await pixelsOf(name, after, 1))
    expect(outside).toBe(0)
    expect(inside).toBeGreaterThan(100)
    expect((await pixelsOf(name, after, 2)).equals(await pixelsOf(name, original, 2))).toBe(true)
  })
})
