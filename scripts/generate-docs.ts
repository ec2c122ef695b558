/** Writes the documents that are made from the code; with `--check`, fails naming those that are not up to date. */
import { fileURLToPath } from 'node:url'
import { settings } from '../src/app/config.ts'
import { catalog } from '../src/core/index.ts'
import { configPage, envExample } from './docs/config-pages.ts'
import { type GeneratedDocument, staleDocuments, writeDocuments } from './docs/documents.ts'
import { errorsPage } from './docs/errors-page.ts'

const documents: readonly GeneratedDocument[] = [
  { path: 'docs/errors.md', generate: () => errorsPage(catalog) },
  { path: 'docs/config.md', generate: () => configPage(settings) },
  { path: '.env.example', generate: () => envExample(settings) },
]

const root = fileURLToPath(new URL('..', import.meta.url))

if (process.argv.includes('--check')) {
  const stale = await staleDocuments(root, documents)
  if (stale.length > 0) {
    process.stderr.write(`Not up to date, run npm run docs: ${stale.join(', ')}\n`)
    process.exitCode = 1
  }
} else {
  await writeDocuments(root, documents)
}
