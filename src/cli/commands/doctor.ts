import { command } from '../command.ts'
import { bad, examine, type Finding } from '../doctor/finding.ts'
import { looksAtMachine } from '../doctor/look-at-machine.ts'
import { looksAtPlatform } from '../doctor/look-at-platform.ts'
import { NotOpened } from '../errors.ts'
import { EXIT } from '../exit-code.ts'
import { table } from '../output.ts'
import type { Installation, Tools } from '../tools.ts'
import { withExistingPlatform } from '../with-platform.ts'

export const doctor = command({
  about: 'Works beside a running server and without one. 0 when nothing fails; warnings do not count.',
  operands: {},
  options: {},
  async run(tools, _given, output) {
    const findings = await findAll(tools)
    const tones = { ok: 'good', warn: 'doubtful', fail: 'bad' } as const
    const lines = table(findings.map(({ name, detail }) => [name, detail]))
    for (const [i, { result }] of findings.entries())
      output.say(`${output.tone(tones[result], result.padEnd(4))}  ${lines[i]}`)
    const healthy = findings.every(({ result }) => result !== 'fail')
    output.give({ healthy, findings })
    return healthy ? EXIT.fine : EXIT.no
  },
})

async function findAll(tools: Tools): Promise<readonly Finding[]> {
  try {
    const installation = await tools.installation()
    return [{ name: 'settings', result: 'ok', detail: 'as they should be' }, ...(await findIn(tools, installation))]
  } catch (error) {
    if (error instanceof NotOpened) return [{ name: 'settings', ...bad(error.message) }]
    throw error
  }
}

/** What is wrong with the machine is often why the platform does not open: both are told. */
async function findIn(tools: Tools, installation: Installation): Promise<readonly Finding[]> {
  try {
    const { migrations } = tools
    const ofPlatform = await withExistingPlatform(tools, (platform) => examine(looksAtPlatform(platform, migrations)))
    return [...(await examine(looksAtMachine(installation))), ...ofPlatform]
  } catch (error) {
    if (!(error instanceof NotOpened)) throw error
    const ofMachine = installation.exists ? await examine(looksAtMachine(installation)) : []
    return [...ofMachine, { name: 'platform', ...bad(error.message) }]
  }
}
