import { commands } from '../cli/commands/index.ts'
import { run } from '../cli/run.ts'
import { tools } from './tools.ts'

// A reader that has seen enough, as `head` has, is no failure; a server goes on without one.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

// Set and not called: what was printed reaches its reader first.
process.exitCode = await run(commands, tools, process.argv.slice(2), process)
