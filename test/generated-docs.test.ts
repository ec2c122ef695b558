import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { configPage, envExample } from '../scripts/docs/config-pages.ts'
import { staleDocuments, writeDocuments } from '../scripts/docs/documents.ts'
import { errorsPage } from '../scripts/docs/errors-page.ts'

describe('generated documents', () => {
  let root = ''
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'chancery-docs-'))
  })
  afterEach(() => rmSync(root, { recursive: true }))

  const documents = [
    { path: 'docs/one.md', generate: () => 'one\n' },
    { path: 'two.txt', generate: () => Promise.resolve('two\n') },
  ]

  test('a document that is missing is stale', async () => {
    expect(await staleDocuments(root, documents)).toEqual(['docs/one.md', 'two.txt'])
  })

  test('a document that was edited by hand is stale', async () => {
    await writeDocuments(root, documents)
    writeFileSync(join(root, 'two.txt'), 'two!\n')
    expect(await staleDocuments(root, documents)).toEqual(['two.txt'])
  })

  test('what was just written is not stale', async () => {
    await writeDocuments(root, documents)
    expect(await staleDocuments(root, documents)).toEqual([])
    expect(readFileSync(join(root, 'docs/one.md'), 'utf8')).toBe('one\n')
  })
})

test('errors stand in a table for each noun', () => {
  const page = errorsPage({
    'person.not_verified': ['conflict', 'Not verified yet.'],
    'person.unknown': ['not_found', 'No | such\nperson.'],
    'envelope.signed': ['conflict', 'Signed already.'],
  })
  expect(page).toContain('## person\n')
  expect(page).toContain('| `person.not_verified` | conflict | Not verified yet. |\n| `person.unknown`')
  expect(page).toContain('| No \\| such person. |\n\n## envelope\n')
})

describe('settings', () => {
  const settings = [
    { key: 'port', env: 'CHANCERY_PORT', default: 8080, doc: 'Where the server listens.' },
    { key: 'sender', env: 'CHANCERY_SENDER', default: 'Office <office@example.org>', doc: 'Who sends mail.' },
    { key: 'masterKey', env: 'CHANCERY_MASTER_KEY', default: 'known', doc: 'Seals the keys.', secret: true },
    { key: 'databaseUrl', env: 'DATABASE_URL', doc: 'Another PostgreSQL.' },
  ]

  test('the default of a secret is never in the example of an environment', () => {
    expect(envExample(settings)).not.toContain('known')
  })

  test('the example of an environment changes nothing when it is copied as it is', () => {
    const lines = envExample(settings).split('\n')
    expect(lines.filter((line) => line !== '' && !line.startsWith('#'))).toEqual([])
    expect(lines).toContain('# CHANCERY_SENDER="Office <office@example.org>"')
  })

  test('each stands in the table with its default', () => {
    const page = configPage(settings)
    expect(page).toContain('| `CHANCERY_PORT` | `port` | `8080` | Where the server listens. |')
    expect(page).toContain('| `DATABASE_URL` | `databaseUrl` | unset | Another PostgreSQL. |')
    expect(page).not.toContain('known')
  })
})
