import type { Command, ListedCommand, Option } from './command.ts'
import { DOCUMENT_EXIT_MEANINGS, EXIT_MEANINGS } from './exit-code.ts'
import { table } from './output.ts'
import { COMMON_OPTIONS } from './read-arguments.ts'

/** The list of all commands. */
export function overview(commands: readonly ListedCommand[], version: string): string {
  return [
    `Chancery ${version}: from an unknown e-mail address to a PDF signed by a verified person.`,
    '',
    'Usage: chancery COMMAND [OPTIONS]',
    '',
    ...indented(table(commands.map(({ name, summary }) => [name, summary]))),
    '',
    'chancery COMMAND --help tells more about one. Every command takes --json.',
    'Settings come from the environment; docs/config.md lists them.',
    '',
    ...exitCodes(EXIT_MEANINGS),
    ...documentCommands(commands),
  ].join('\n')
}

/** Commands whose exit codes are not those of the list. */
function documentCommands(commands: readonly ListedCommand[]): string[] {
  const names = commands.filter(({ exits }) => exits === 'document').map(({ name }) => name)
  return names.length === 0 ? [] : [`The help of ${names.join(', ')} tells their own.`]
}

/** The help of one command. */
export function helpOf({ name, summary, exits }: ListedCommand, command: Command): string {
  const operands = Object.values(command.operands).map(({ value, about }) => [value, about])
  const options = optionsOf(command).map(([word, option]) => [
    spelled(word, option),
    `${option.about}${option.multiple ? ' May be given several times.' : ''}`,
  ])
  return [
    `${summary}.`,
    '',
    usageOf(name, command),
    '',
    command.about,
    '',
    ...indented(table([...operands, ...options])),
    '',
    ...exitCodes(exits === 'document' ? DOCUMENT_EXIT_MEANINGS : EXIT_MEANINGS),
  ].join('\n')
}

const optionsOf = ({ options }: Pick<Command, 'options'>): [string, Option][] =>
  Object.entries({ ...options, ...COMMON_OPTIONS })

/** `Usage: chancery tenant create --name NAME [--country CODE] [--json]` */
export function usageOf(name: string, { operands, options }: Command): string {
  const words = Object.values(operands).map(({ value }) => value)
  const flags = optionsOf({ options }).map(([option, rules]) => {
    const word = spelledOut(option, rules)
    if (rules.required) return word
    return rules.multiple ? `[${word}]...` : `[${word}]`
  })
  return ['Usage: chancery', name, ...words, ...flags].join(' ')
}

function spelled(name: string, option: Option): string {
  return option.short === undefined ? spelledOut(name, option) : `-${option.short}, ${spelledOut(name, option)}`
}

const spelledOut = (name: string, { value }: Option): string =>
  value === undefined ? `--${name}` : `--${name} ${value}`

const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`)

function exitCodes(meanings: typeof EXIT_MEANINGS): string[] {
  return ['Exit codes:', ...indented(table(Object.entries(meanings)))]
}
