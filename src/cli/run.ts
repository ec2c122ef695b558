import { CodedError, type ErrorDetails } from '../std/error.ts'
import { harmless } from '../std/harmless.ts'
import type { ListedCommand } from './command.ts'
import { NotOpened, Refused, refuseUsage, UsageError } from './errors.ts'
import { DOCUMENT_EXIT, EXIT, type ExitCode } from './exit-code.ts'
import { helpOf, overview, usageOf } from './help.ts'
import { openOutput, type Stream } from './output.ts'
import { readArguments } from './read-arguments.ts'
import type { Tools } from './tools.ts'

export type Streams = { readonly stdout: Stream; readonly stderr: Stream }

/** Runs the command that the words name. Never throws: what goes wrong is printed and becomes the exit code. */
export async function run(
  commands: readonly ListedCommand[],
  tools: Tools,
  words: readonly string[],
  streams: Streams,
): Promise<ExitCode> {
  try {
    return await dispatch(commands, tools, words, streams)
  } catch (error) {
    const command = find(commands, words)
    const exitCode = await exitCodeOf(error, command)
    report(error, words, streams)
    if (command && error instanceof UsageError && error.code === 'usage.invalid')
      streams.stderr.write(`${usageOf(command.name, await command.load())}\n`)
    if (error instanceof Error && (await tools.isDebugging())) streams.stderr.write(`${error.stack}\n`)
    else if (exitCode === EXIT.unexpected) streams.stderr.write('CHANCERY_LOG=debug shows where this happened.\n')
    return exitCode
  }
}

async function dispatch(
  commands: readonly ListedCommand[],
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
  const listed = find(commands, words)
  if (!listed) return refuseUsage(unknown(commands, first))
  const command = await listed.load()
  const { json, help, given } = readArguments(command, words.slice(listed.name.split(' ').length))
  if (!help) return await command.run(tools, given, openOutput(stdout, json, stderr))
  stdout.write(`${helpOf(listed, command)}\n`)
  return EXIT.fine
}

function find(commands: readonly ListedCommand[], words: readonly string[]): ListedCommand | undefined {
  return commands.find(({ name }) => name.split(' ').every((part, i) => words[i] === part))
}

/** "tenant" alone is half of a command: the answer names its other halves. */
function unknown(commands: readonly ListedCommand[], first: string): string {
  const begun = commands.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => `"${name}"`)
  if (begun.length > 0) return `"${first}" is one of: ${begun.join(', ')}.`
  return `There is no command "${first}". "chancery help" lists them.`
}

/** An answer that is no, a wrong command line, a platform that does not open; everything else is a bug or an outage. */
async function exitCodeOf(error: unknown, command: ListedCommand | undefined): Promise<ExitCode> {
  if (error instanceof UsageError) return command?.exits === 'document' ? DOCUMENT_EXIT.usage : EXIT.usage
  if (error instanceof NotOpened) return EXIT.notOpened
  return (await isAnswer(error)) ? EXIT.no : EXIT.unexpected
}

/** Where the refusals come from. Asked for one after the other: whoever refused is loaded already. */
const REFUSALS = [
  async () => Refused,
  async () => (await import('../pdf/index.ts')).PdfError,
  async () => (await import('../pki/index.ts')).PkiError,
  async () => (await import('../pades/index.ts')).PadesError,
  async () => (await import('../core/index.ts')).DomainError,
]

async function isAnswer(error: unknown): Promise<boolean> {
  if (!(error instanceof CodedError)) return false
  for (const refusal of REFUSALS) if (error instanceof (await refusal())) return true
  return false
}

function report(error: unknown, words: readonly string[], { stdout, stderr }: Streams): void {
  const { code, details } = error instanceof CodedError ? error : { code: 'cli.unexpected', details: {} }
  const more = Object.keys(details).length === 0 ? {} : { details }
  const message = error instanceof Error ? error.message : String(error)
  // Looked for by hand: the command line may be the very thing that could not be read.
  if (words.includes('--json')) stdout.write(`${JSON.stringify({ error: { code, message, ...more } }, null, 2)}\n`)
  else stderr.write(`${[...`chancery: ${message}`.split('\n'), ...detailLines(details)].map(harmless).join('\n')}\n`)
}

/** What an error knows beside its sentence: a field, a clause, why each server gave no answer. */
function detailLines(details: ErrorDetails): string[] {
  return Object.entries(details).flatMap(([name, value]) => [value].flat().map((one) => `  ${name}: ${String(one)}`))
}
