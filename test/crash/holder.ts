import { openEmbedded } from '../../src/db/embedded/embedded-postgres.ts'
import { DatabaseRefused } from '../../src/db/errors.ts'

/**
 * A process of ours that the tests may kill: opens the database in the directory given, as a server with the word
 * `server`, else as a command beside it, says how it went, and stops in order when its input ends.
 */
const [directory = '', role = 'command'] = process.argv.slice(2)
const say = (words: object): boolean => process.stdout.write(`${JSON.stringify(words)}\n`)
const sentences: string[] = []
const note = (sentence: string): void => void sentences.push(sentence)

try {
  const postgres = await openEmbedded({ dataDirectory: directory, log: { info: note, warn: note, error: note } })
  try {
    if (role === 'server') await postgres.lockServer(() => process.exit(1))
    say({ ready: true, host: postgres.connection.host, sentences })
    for await (const _ of process.stdin);
  } finally {
    await postgres.stop()
  }
} catch (error) {
  say({ refused: error instanceof DatabaseRefused ? error.code : String(error) })
}
