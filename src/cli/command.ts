import type { ExitCode } from './exit-code.ts'
import type { Output } from './output.ts'
import type { Tools } from './tools.ts'

/** A value after `--name`. `node:util` parseArgs reads `type`, `short` and `multiple`; the rest is for `--help`. */
export type Option = {
  readonly type: 'string' | 'boolean'
  readonly multiple?: true
  readonly required?: true
  /** One letter that may stand for the name, after one dash. */
  readonly short?: string
  /** What stands for the value in the usage line. */
  readonly value?: string
  readonly about: string
}

/** A word that has to follow the command, in this place. */
export type Operand = { readonly value: string; readonly about: string }

type Options = Readonly<Record<string, Option>>
type Operands = Readonly<Record<string, Operand>>

type ValueOf<One extends Option> = One extends { readonly type: 'boolean' }
  ? boolean
  : One extends { readonly multiple: true }
    ? readonly string[]
    : One extends { readonly required: true }
      ? string
      : string | undefined

/** What was given: flags are false and lists are empty when they were left out. */
export type Given<Opts extends Options, Words extends Operands> = {
  readonly options: { readonly [Name in keyof Opts]: ValueOf<Opts[Name]> }
  readonly operands: { readonly [Name in keyof Words]: string }
}

type Definition<Opts extends Options, Words extends Operands> = {
  /** For the command's own help, below its summary. */
  readonly about: string
  readonly operands: Words
  readonly options: Opts
  run(tools: Tools, given: Given<Opts, Words>, output: Output): Promise<ExitCode>
}

/** A command, whatever its options are. */
export type Command = Definition<Options, Operands>

/** A command as the table of commands holds it: what can be told of it before it is loaded. */
export type ListedCommand = {
  /** One word or two, as they are typed. */
  readonly name: string
  /** One sentence without a full stop. */
  readonly summary: string
  /** `document`: ends with the codes of a command that works on a document. */
  readonly exits?: 'document'
  load(): Promise<Command>
}

/** Declares a command. The types of what `run` is given follow from the options and operands. */
export function command<const Opts extends Options, const Words extends Operands>(
  definition: Definition<Opts, Words>,
): Command {
  // `readArguments` gives `run` exactly what the definition declares.
  return definition as unknown as Command
}
