import { describe, expect, test } from 'vitest'
import { type Attack, attacks } from '../../src/pades/testing/attacks/index.ts'
import { trust } from '../../src/pades/testing/signing.ts'
import { hostileFiles } from '../support/hostile-confinement.ts'

/* Signed files that were tampered with, each judged in a process of its own. */

const files = await hostileFiles('attacks')

describe.each(Object.entries(attacks))('%s:', (_, rows) => {
  test.each(rows.map(({ name, ...row }) => [name, row] as const))('%s', async (_name, row) => {
    const report = await files.look('judge', await row.build(), { policy: trust })
    if (!('signatures' in report)) return expect(report).toEqual({ refused: expect.stringMatching(/^pdf\./) })
    const verdicts = report.signatures.slice(0, row.expected.length).map(verdictLike(row.expected))
    expect(verdicts).toEqual(row.expected)
  })
})

/** What a report says of what is expected of it. */
function verdictLike(expected: Attack['expected']) {
  return (
    {
      indication,
      subIndication,
      reason,
      changes,
    }: {
      indication: string
      subIndication?: string
      reason?: { code: string }
      changes: readonly { kind: string }[]
    },
    i: number,
  ) => {
    const all: Record<string, unknown> = { indication, subIndication, code: reason?.code, changes: changes.map(({ kind }) => kind) }
    return Object.fromEntries(Object.keys(expected[i] ?? {}).map((key) => [key, all[key]]))
  }
}
