import { commands } from '../cli/commands/index.ts'
import { run } from '../cli/run.ts'
import { tools } from './tools.ts'

// Set and not called: what was printed reaches its reader first.
process.exitCode = await run(commands, tools, process.argv.slice(2), process)
