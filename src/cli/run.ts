import { DomainError } from '../core/index.ts'
import { PadesError } from '../pades/index.ts'
import { PdfError } from '../pdf/index.ts'
import { PkiError } from '../pki/index.ts'
import { CodedError, type ErrorDetails } from '../std/error.ts'
import type { Command } from './command.ts'
import { NotOpened, Refused, refuseUsage, UsageError } from './errors.ts'
import { DOCUMENT_EXIT, EXIT, type ExitCode } from './exit-code.ts'
import { helpOf, overview, usageOf } from './help.ts'
import { harmless, openOutput, type Stream } from './output.ts'
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
    return exitCodeOf(error, find(commands, words))
  }
}

async function dispatch(
  commands: readonly Command[],
  tools: Tools,
  words: readonly string[],
  { stdout, stderr }: Streams,
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
  if (!help) return await command.run(tools, given, openOutput(stdout, json, stderr))
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
function exitCodeOf(error: unknown, command: Command | undefined): ExitCode {
  if (error instanceof UsageError) return command?.exits === 'document' ? DOCUMENT_EXIT.usage : EXIT.usage
  if (error instanceof NotOpened) return EXIT.notOpened
  const isAnswer = [Refused, DomainError, PdfError, PkiError, PadesError].some((kind) => error instanceof kind)
  return isAnswer ? EXIT.no : EXIT.unexpected
}

function report(
  error: unknown,
  commands: readonly Command[],
  words: readonly string[],
  { stdout, stderr, debug }: Streams & { readonly debug: boolean },
): void {
  const { code, details } = error instanceof CodedError ? error : { code: 'cli.unexpected', details: {} }
  const more = Object.keys(details).length === 0 ? {} : { details }
  const message = error instanceof Error ? error.message : String(error)
  // Looked for by hand: the command line may be the very thing that could not be read.
  if (words.includes('--json')) stdout.write(`${JSON.stringify({ error: { code, message, ...more } }, null, 2)}\n`)
  else stderr.write(`${[...`chancery: ${message}`.split('\n'), ...detailLines(details)].map(harmless).join('\n')}\n`)
  const command = find(commands, words)
  if (command && error instanceof UsageError && error.code === 'usage.invalid')
    stderr.write(`Usage: chancery ${usageOf(command)}\n`)
  if (debug && error instanceof Error) stderr.write(`${error.stack}\n`)
  else if (exitCodeOf(error, command) === EXIT.unexpected)
    stderr.write('CHANCERY_LOG=debug shows where this happened.\n')
}

/** What an error knows beside its sentence: a field, a clause, why each server gave no answer. */
function detailLines(details: ErrorDetails): string[] {
  return Object.entries(details).flatMap(([name, value]) => [value].flat().map((one) => `  ${name}: ${String(one)}`))
}
