import { describe, expect, test } from 'vitest'
import { attacks, type Expected } from './testing/attacks/index.ts'
import { report } from './testing/signing.ts'

describe.each(Object.entries(attacks))('%s', (_, rows) => {
  const table = rows.map(({ name, build, expected }) => [name, build, expected] as const)
  test.each(table)('%s', async (_name, build, expected) => {
    const { signatures } = await report(await build())
    const said = expected.map((wanted, i): Partial<Expected> => {
      const { indication, subIndication, reason, changes = [] } = signatures[i] ?? {}
      return {
        ...(indication && { indication }),
        ...(wanted.subIndication && subIndication && { subIndication }),
        ...(wanted.code && reason && { code: reason.code }),
        ...(wanted.changes && { changes: changes.flat().map(({ kind }) => kind) }),
      }
    })
    expect(said).toEqual(expected)
  })
})
