import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Check, check } from './check.ts'
import { containersOf } from './containers.ts'

/** Where the demo left its files. */
export type Exhibits = {
  readonly signed: { readonly path: string; readonly bytes: Buffer }
  readonly signedTwice: { readonly path: string; readonly bytes: Buffer }
  readonly rootPem: string
}

/** Asks the tools that others wrote, as far as they are on this machine. */
export async function foreignChecks(exhibits: Exhibits): Promise<readonly Check[]> {
  const { signed, signedTwice, rootPem } = exhibits
  return [
    await askPdfsig(signed.path, 1),
    await askPdfsig(signedTwice.path, 2),
    await askQpdf(signed.path),
    await askQpdf(signedTwice.path),
    await askOpenssl(signedTwice.bytes, rootPem),
  ]
}

async function askPdfsig(path: string, count: number): Promise<Check> {
  const name = count === 1 ? 'pdfsig accepts the signature' : `pdfsig accepts all ${count} signatures`
  const said = await execute('pdfsig', ['-nocert', path])
  if (!said) return skipped(name)
  const valid = said.text.match(/Signature Validation: Signature is Valid\./g)?.length ?? 0
  const whole = said.text.match(/Total document signed/g)?.length ?? 0
  // The newest signature covers the whole file, the one before it the file as it was then.
  return check(name, said.code === 0 && valid === count && whole === 1, `${valid} valid, ${whole} over the whole file`)
}

async function askQpdf(path: string): Promise<Check> {
  const name = `qpdf finds nothing wrong with ${basename(path)}`
  const said = await execute('qpdf', ['--check', path])
  return said ? check(name, said.code === 0, said.code === 0 ? 'no errors' : lastLine(said.text)) : skipped(name)
}

async function askOpenssl(signed: Buffer, rootPem: string): Promise<Check> {
  const name = 'openssl verifies each container up to the root'
  if (!(await execute('openssl', ['version']))) return skipped(name)
  const folder = await mkdtemp(join(tmpdir(), 'chancery-openssl-'))
  try {
    const [cms, content, out] = [join(folder, 'cms'), join(folder, 'content'), join(folder, 'out')]
    const verdicts: string[] = []
    for (const container of containersOf(signed)) {
      await writeFile(cms, container.cms)
      await writeFile(content, container.content)
      const input = ['-binary', '-inform', 'DER', '-in', cms, '-content', content, '-out', out]
      const said = await execute('openssl', ['cms', '-verify', ...input, '-CAfile', rootPem, '-purpose', 'any'])
      verdicts.push(
        said?.code === 0 ? `${container.field}: verified` : `${container.field}: ${lastLine(said?.text ?? '')}`,
      )
    }
    return check(
      name,
      verdicts.length > 0 && verdicts.every((verdict) => verdict.endsWith(': verified')),
      verdicts.join('; '),
    )
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const skipped = (name: string): Check => ({ name, result: 'skipped', detail: 'not installed' })

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? ''

/** A judge who does not answer by then has nothing to say. */
const TIMEOUT_MS = 20_000

/** What a tool said, on both streams; undefined when it is not on the PATH. */
async function execute(
  tool: string,
  args: readonly string[],
): Promise<{ readonly code: number; readonly text: string } | undefined> {
  return await new Promise((resolve) => {
    execFile(tool, args, { timeout: TIMEOUT_MS, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') return resolve(undefined)
      resolve({ code: error ? Number(error.code ?? 1) : 0, text: stdout + stderr })
    })
  })
}
