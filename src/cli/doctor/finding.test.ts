import { expect, test } from 'vitest'
import { examine, ok } from './finding.ts'

test('a look that breaks is a finding, and the next one is still made', async () => {
  const broken = async (): Promise<never> => {
    throw new Error('no such file')
  }
  expect(
    await examine([
      ['key', broken],
      ['disk', async () => ok('room enough')],
    ]),
  ).toEqual([
    { name: 'key', result: 'fail', detail: 'no such file' },
    { name: 'disk', result: 'ok', detail: 'room enough' },
  ])
})
