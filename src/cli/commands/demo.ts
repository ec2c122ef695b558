import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { command } from '../command.ts'
import type { Check } from '../demo/check.ts'
import { foreignChecks } from '../demo/foreign-judges.ts'
import { type Souvenirs, travel } from '../demo/journey.ts'
import { FILES, leave } from '../demo/leave.ts'
import { ownChecks } from '../demo/own-checks.ts'
import { openProgress } from '../demo/progress.ts'
import type { Step } from '../demo/world.ts'
import { Refused } from '../errors.ts'
import { EXIT } from '../exit-code.ts'
import { listenForInterruption } from '../interruption.ts'
import type { Output } from '../output.ts'
import type { RunningServer, Tools } from '../tools.ts'

export const demo = command({
  about:
    'Starts everything in a new directory on a free port, takes two people from their e-mail addresses to a contract\n' +
    'that both have signed, and checks what came out, also with tools of others where they are installed.',
  operands: {},
  options: {
    out: { type: 'string', value: 'FOLDER', about: 'Where to leave the signed files; ./demo if not given.' },
    data: {
      type: 'string',
      value: 'FOLDER',
      about: 'The data directory to use, which is kept. Without it a temporary one, which is removed.',
    },
  },
  async run(tools, { options }, output) {
    const folder = resolve(options.out ?? 'demo')
    const begun = performance.now()
    const step = openProgress(output)
    output.say(output.tone('strong', 'From an unknown e-mail address to a signed PDF'))
    output.say()
    const souvenirs = await withDataDirectory(options.data, (dataDirectory) => journey(tools, dataDirectory, step))
    const exhibits = await leave(folder, souvenirs)
    const checks = [...(await ownChecks(souvenirs)), ...(await foreignChecks(exhibits))]
    const summary = summarise(souvenirs, folder, checks, Math.round(performance.now() - begun))
    await writeFile(join(folder, FILES.summary), `${JSON.stringify(summary, null, 2)}\n`)
    tell(output, summary)
    output.give(summary)
    return summary.ok ? EXIT.fine : EXIT.no
  },
})

async function journey(tools: Tools, dataDirectory: string, step: Step): Promise<Souvenirs> {
  const interruption = listenForInterruption()
  try {
    return await whileServing(tools, dataDirectory, step, async (server) => {
      const interrupted = interruption.asked.then(() => {
        throw new Refused('demo.interrupted', 'The demo was interrupted.')
      })
      return await Promise.race([travel(server, tools.samples.contract, step), interrupted])
    })
  } finally {
    interruption.release()
  }
}

async function whileServing<Result>(
  tools: Tools,
  dataDirectory: string,
  step: Step,
  work: (server: RunningServer) => Promise<Result>,
): Promise<Result> {
  const server = await step('Database, authority, worker and server start', () => tools.serve({ dataDirectory }))
  try {
    return await work(server)
  } finally {
    await step('Everything stops cleanly', () => server.stop())
  }
}

const PREFIX = 'chancery-demo-'

async function withDataDirectory<Result>(
  given: string | undefined,
  work: (directory: string) => Promise<Result>,
): Promise<Result> {
  if (given !== undefined) return await work(resolve(given))
  const temporary = await mkdtemp(join(tmpdir(), PREFIX))
  try {
    return await work(temporary)
  } finally {
    // Removes what mkdtemp made and nothing else, whatever becomes of the lines above.
    if (dirname(temporary) === tmpdir()) await rm(temporary, { recursive: true, force: true })
  }
}

type Summary = ReturnType<typeof summarise>

function summarise({ first, second }: Souvenirs, folder: string, checks: readonly Check[], durationMs: number) {
  const names = Object.entries(FILES).map(([name, file]) => [name, join(folder, file)] as const)
  return {
    ok: checks.every(({ result }) => result !== 'failed'),
    durationMs,
    signers: [first, second].map(({ person, file }) => ({
      name: person.fullName,
      email: person.traveller.email,
      certificateId: person.certificateId,
      sha256: file.sha256,
    })),
    files: Object.fromEntries(names),
    checks,
  }
}

const MARKS = { passed: ['good', '✓'], failed: ['bad', '✗'], skipped: ['faint', '–'] } as const

function tell(output: Output, { ok, durationMs, files, checks }: Summary): void {
  output.say()
  output.say(output.tone('strong', 'Checks'))
  output.say()
  for (const { name, result, detail } of checks) {
    const [tone, mark] = MARKS[result]
    const seen = result === 'skipped' ? `skipped (${detail})` : detail
    output.say(`  ${output.tone(tone, mark)} ${name}`)
    output.say(`    ${output.tone('faint', seen)}`)
  }
  output.say()
  output.say(output.tone('strong', 'Files'))
  output.say()
  for (const path of Object.values(files)) output.say(`  ${path}`)
  output.say()
  const seconds = (durationMs / 1000).toFixed(1)
  if (ok) output.say(output.tone('good', `Everything holds. ${seconds} s.`))
  else output.say(output.tone('bad', `Not everything holds: see the checks above. ${seconds} s.`))
}
