import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SigningWorld, startSigningWorld } from '../../../test/support/signing-world.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import type { Level } from '../index.ts'

const SIGNED = '2026-11-20T12:00:00Z'
const pdf = buildPdf('table')

let world: SigningWorld
beforeAll(async () => {
  world = await startSigningWorld({ timestampUnits: { notAfter: new Date('2031-01-01T00:00:00Z') } })
})
afterAll(() => world[Symbol.asyncDispose]())

function signed(level: Level) {
  world.setTime(SIGNED)
  return world.signed(pdf, level)
}

describe('as the years pass, without anybody to ask', () => {
  // The person's certificate ends 2029, that of the time-stamp unit 2031, the authorities' after 2050.
  test.each<[Level, string, string, string | undefined]>([
    ['B-B', '2026-11-20T12:00:00Z', 'INDETERMINATE', 'TRY_LATER'],
    ['B-T', '2026-11-20T12:00:00Z', 'INDETERMINATE', 'TRY_LATER'],
    ['B-LT', '2026-11-20T12:01:00Z', 'TOTAL-PASSED', undefined],
    ['B-LT', '2027-06-01T12:00:00Z', 'TOTAL-PASSED', undefined],
    ['B-LT', '2029-06-01T12:00:00Z', 'TOTAL-PASSED', undefined],
    ['B-LT', '2031-06-01T12:00:00Z', 'INDETERMINATE', 'OUT_OF_BOUNDS_NOT_REVOKED'],
    ['B-LTA', '2026-11-20T12:01:00Z', 'TOTAL-PASSED', undefined],
    ['B-LTA', '2029-06-01T12:00:00Z', 'TOTAL-PASSED', undefined],
    ['B-LTA', '2031-06-01T12:00:00Z', 'INDETERMINATE', 'OUT_OF_BOUNDS_NOT_REVOKED'],
  ])('%s at %s is %s %s', async (level, time, indication, subIndication) => {
    const report = await world.judged(await signed(level), time)
    expect(report).toMatchObject({ level: `PAdES-${level}`, indication, ...(subIndication && { subIndication }) })
  })
})
