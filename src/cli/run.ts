import { DomainError } from '../core/index.ts'
import { PdfError } from '../pdf/index.ts'
import { PkiError } from '../pki/index.ts'
import { CodedError } from '../std/error.ts'
import type { Command } from './command.ts'
import { NotOpened, Refused, refuseUsage, UsageError } from './errors.ts'
import { EXIT, type ExitCode } from './exit-code.ts'
import { helpOf, overview, usageOf } from './help.ts'
import { openOutput, type Stream } from './output.ts'
import { readArguments } from './read-arguments.ts'
import type { Tools } from './tools.ts'

export type Streams = { readonly stdout: Stream; readonly stderr: Stream }

/** Runs the command that the words name. Never throws: what goes wrong is printed and becomes the exit code. */
export async function run(
  commands: readonly Command[],
  tools: Tools,
  words: readonly string[],
  streams: Streams,
): Promise<ExitCode> {
  try {
    return await dispatch(commands, tools, words, streams)
  } catch (error) {
    report(error, commands, words, { ...streams, debug: tools.isDebugging() })
    return exitCodeOf(error)
  }
}

async function dispatch(
  commands: readonly Command[],
  tools: Tools,
  words: readonly string[],
  { stdout }: Streams,
): Promise<ExitCode> {
  const [first] = words
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    stdout.write(`${overview(commands, tools.version)}\n`)
    return first === undefined ? EXIT.usage : EXIT.fine
  }
  if (first === '--version') {
    stdout.write(`${tools.version}\n`)
    return EXIT.fine
  }
  const command = find(commands, words)
  if (!command) return refuseUsage(unknown(commands, first))
  const { json, help, given } = readArguments(command, words.slice(command.name.split(' ').length))
  if (!help) return await command.run(tools, given, openOutput(stdout, json))
  stdout.write(`${helpOf(command)}\n`)
  return EXIT.fine
}

function find(commands: readonly Command[], words: readonly string[]): Command | undefined {
  return commands.find(({ name }) => name.split(' ').every((part, i) => words[i] === part))
}

/** "tenant" alone is half of a command: the answer names its other halves. */
function unknown(commands: readonly Command[], first: string): string {
  const begun = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => `"${name}"`)
  if (begun.length > 0) return `"${first}" is one of: ${begun.join(', ')}.`
  return `There is no command "${first}". "chancery help" lists them.`
}

/** An answer that is no, a wrong command line, a platform that does not open; everything else is a bug or an outage. */
function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return EXIT.usage
  if (error instanceof NotOpened) return EXIT.notOpened
  const isAnswer = [Refused, DomainError, PdfError, PkiError].some((kind) => error instanceof kind)
  return isAnswer ? EXIT.no : EXIT.unexpected
}

function report(
  error: unknown,
  commands: readonly Command[],
  words: readonly string[],
  { stdout, stderr, debug }: Streams & { readonly debug: boolean },
): void {
  const code = error instanceof CodedError ? error.code : 'cli.unexpected'
  const message = error instanceof Error ? error.message : String(error)
  // Looked for by hand: the command line may be the very thing that could not be read.
  if (words.includes('--json')) stdout.write(`${JSON.stringify({ error: { code, message } }, null, 2)}\n`)
  else stderr.write(`chancery: ${message}\n`)
  const command = error instanceof UsageError && find(commands, words)
  if (command && error.code === 'usage.invalid') stderr.write(`Usage: chancery ${usageOf(command)}\n`)
  if (debug && error instanceof Error) stderr.write(`${error.stack}\n`)
  else if (exitCodeOf(error) === EXIT.unexpected) stderr.write('CHANCERY_LOG=debug shows where this happened.\n')
}
