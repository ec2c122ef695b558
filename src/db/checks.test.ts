import { expect, test } from 'vitest'
import { judgeServer } from './checks.ts'

const good = {
  server_version_num: '150000',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  data_checksums: 'on',
}

const settings = (changes: Record<string, string>): ReadonlyMap<string, string> =>
  new Map(Object.entries({ ...good, ...changes }))

test('a server older than 15 is refused', () => {
  expect(() => judgeServer(settings({ server_version_num: '140020' }), { checksums: false })).toThrow(
    /older than PostgreSQL 15/,
  )
})

test.each(['fsync', 'full_page_writes', 'synchronous_commit', 'data_checksums'])('%s = off is refused', (name) => {
  expect(() => judgeServer(settings({ [name]: 'off' }), { checksums: true })).toThrow(name)
})

test('checksums are not asked of a server that somebody else runs', () => {
  expect(() => judgeServer(settings({ data_checksums: 'off' }), { checksums: false })).not.toThrow()
})

test.each(['on', 'local', 'remote_write', 'remote_apply'])('synchronous_commit = %s is durable', (value) => {
  expect(() => judgeServer(settings({ synchronous_commit: value }), { checksums: true })).not.toThrow()
})
