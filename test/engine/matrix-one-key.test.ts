import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fileNames } from '../support/engine-files.ts'
import { everyCase, judgeCase } from '../support/engine-matrix.ts'
import { skippedTools } from '../support/engine-tools.ts'
import { openWorkshop, type Workshop } from '../support/engine-workshop.ts'

const cases = everyCase().filter(({ key }) => key === 'P-256')
const skipped = skippedTools('pdfsig', 'qpdf', 'openssl')

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop[Symbol.asyncDispose]())

describe(`all ${cases.length} signatures by P-256: every level in every file, first, second and tenth${skipped}`, () => {
  test.each(fileNames)('%s: no judge has anything against any of them', { timeout: 120_000 }, async (name) => {
    for (const one of cases.filter(({ file }) => file === name))
      expect({ ...one, objections: await judgeCase(workshop, one) }).toEqual({ ...one, objections: [] })
  })
})
