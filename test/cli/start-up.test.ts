import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** Tells at the end which modules were loaded. */
const watch = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module'
  const loaded = []
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) })
  process.on('exit', () => process.stderr.write(loaded.join('\\n')))
`)}`

async function loadedBy(...words: string[]): Promise<string[]> {
  const env = { ...process.env, CHANCERY_DATA: '/nowhere' }
  const given = ['--import', watch, 'src/app/cli.ts', ...words]
  const running = promisify(execFile)(process.execPath, given, { cwd: root, env })
  // A verdict that is not yes ends with another code; what was loaded is told all the same.
  const { stderr } = await running.catch((error: unknown) => error as { stderr: string })
  return stderr.split('\n').filter((line) => line.includes('/src/') || line.includes('/node_modules/'))
}

test.each([
  ['help'],
  ['sign', '--help'],
  ['fields', 'samples/contract.pdf'],
  ['validate', 'samples/contract.pdf', '--json'],
])('%s %s starts without the platform', async (...words) => {
  const loaded = await loadedBy(...words)
  expect(loaded.some((url) => url.endsWith('/src/cli/run.ts'))).toBe(true)
  expect(loaded.filter((url) => /\/src\/(?:core|http|db|worker|adapters)\/|\/node_modules\/(?!zod)/.test(url))).toEqual(
    [],
  )
})

test('a command on the platform loads it', async () => {
  const loaded = await loadedBy('openapi', 'sponsored')
  expect(loaded.some((url) => url.includes('/src/core/'))).toBe(true)
})
