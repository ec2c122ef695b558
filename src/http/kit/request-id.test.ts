import { expect, test } from 'vitest'
import { samplePlatform } from '../../../test/support/sample-facade.ts'
import { requestIds } from './request-id.ts'

test('no two requests of one moment share an id', () => {
  const next = requestIds(samplePlatform())
  const ids = Array.from({ length: 5000 }, () => next())
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/)
})
