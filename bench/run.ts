import { benchEngine } from './engine/bench-engine.ts'
import { benchLogIn } from './log-in.ts'

/*
 * What is measured, each against its floor on the same machine in the same run. Nothing depends on the outcome.
 * `npm run bench -- engine` runs one part; `--quick` only shows that it runs.
 */
const parts: Readonly<Record<string, () => Promise<void>>> = {
  engine: () => benchEngine({ quick: process.argv.includes('--quick') }),
  'log-in': benchLogIn,
}
const wanted = process.argv.slice(2).filter((word) => word !== '--quick')
const unknown = wanted.filter((name) => !Object.hasOwn(parts, name))
if (unknown.length > 0) throw new Error(`there is no ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`)
for (const [name, run] of Object.entries(parts)) if (wanted.length === 0 || wanted.includes(name)) await run()
