import { describe, expect, test } from 'vitest'
import { attacks } from '../../src/pades/testing/attacks/index.ts'
import { trust } from '../../src/pades/testing/signing.ts'
import { hostileFiles } from '../support/hostile-confinement.ts'

/* Signed files that were tampered with, each judged in a process of its own. */

const files = await hostileFiles('attacks')

describe.each(Object.entries(attacks))('%s:', (_, rows) => {
  test.each(rows.map(({ name, ...row }) => [name, row] as const))('%s', async (_name, { build, expected }) => {
    const report = await files.look('judge', await build(), { policy: trust })
    const signatures = 'signatures' in report ? report.signatures : []
    const said = signatures.map(({ reason, changes, ...verdict }) => ({
      ...verdict,
      code: reason?.code,
      changes: changes.flat().map(({ kind }) => kind),
    }))
    expect(said.slice(0, expected.length)).toMatchObject(expected)
  })
})
