import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keyNames } from '../support/engine-keys.ts'
import { everyCase, judgeCase, type MatrixCase, pairedCases } from '../support/engine-matrix.ts'
import { skippedTools } from '../support/engine-tools.ts'
import { openWorkshop, type Workshop } from '../support/engine-workshop.ts'
import { isLong } from '../support/journey-length.ts'

const every = everyCase()
// The signatures of the other file are among the pairs.
const elsewhere = 'P-256'
const cases = (isLong ? every : pairedCases()).filter(({ key }) => key !== elsewhere)
const which = isLong ? `all ${cases.length} signatures` : `${cases.length} of ${every.length} signatures, all pairs`
const skipped = skippedTools('pdfsig', 'qpdf', 'openssl')

let workshop: Workshop
beforeAll(async () => {
  workshop = await openWorkshop()
})
afterAll(() => workshop[Symbol.asyncDispose]())

const factors = ['level', 'key', 'file', 'position'] as const

function pairsIn(rows: readonly MatrixCase[]): Set<string> {
  const pairs = factors.flatMap((a, i) => factors.slice(i + 1).map((b) => [a, b] as const))
  return new Set(rows.flatMap((row) => pairs.map(([a, b]) => `${row[a]} + ${row[b]}`)))
}

test('the chosen signatures have every pair of level, key, file and position', () => {
  expect([...pairsIn(every)].filter((pair) => !pairsIn(pairedCases()).has(pair))).toEqual([])
})

describe(`${which} by every kind of key${skipped}`, () => {
  test.each(keyNames.filter((key) => key !== elsewhere))(
    '%s: no judge has anything against any of them that is not explained',
    {
      timeout: isLong ? 900_000 : 120_000,
    },
    async (name) => {
      for (const one of cases.filter(({ key }) => key === name))
        expect({ ...one, objections: await judgeCase(workshop, one) }).toEqual({ ...one, objections: [] })
    },
  )
})
