import { parseArgs } from 'node:util'
import type { Command, Given, Option } from './command.ts'
import { refuseUsage } from './errors.ts'

/** What every command takes besides its own options. */
export const COMMON_OPTIONS = {
  json: { type: 'boolean', about: 'Print one JSON document instead of text; errors too.' },
  help: { type: 'boolean', about: 'Show this help.' },
} as const satisfies Record<string, Option>

export type Arguments = {
  readonly json: boolean
  readonly help: boolean
  readonly given: Given<Command['options'], Command['operands']>
}

/** Reads what follows the name of a command. @throws UsageError for anything that the command does not declare */
export function readArguments(command: Command, words: readonly string[]): Arguments {
  const { values, positionals } = parse(command, words)
  const json = values['json'] === true
  const given = { options: {}, operands: {} }
  if (values['help'] === true) return { json, help: true, given }
  return { json, help: false, given: { options: complete(command, values), operands: place(command, positionals) } }
}

type Values = Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>

function parse(command: Command, words: readonly string[]): { values: Values; positionals: string[] } {
  try {
    return parseArgs({
      args: [...words],
      options: { ...command.options, ...COMMON_OPTIONS },
      allowPositionals: true,
      strict: true,
    })
  } catch (error) {
    const isRefusal = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
    if (!isRefusal) throw error
    // Node's own sentence names the option; what it adds about `--` is of no use here.
    return refuseUsage(`${error.message.split('. ')[0]}.`)
  }
}

function complete(command: Command, values: Values): Given<Command['options'], Command['operands']>['options'] {
  const options: Record<string, string | boolean | readonly string[] | undefined> = {}
  for (const [name, option] of Object.entries(command.options)) {
    const value = values[name]
    if (option.required && value === undefined) refuseUsage(`--${name} is missing: ${option.about}`)
    if (value === '') refuseUsage(`--${name} is empty: ${option.about}`)
    options[name] = (value as string | boolean | string[] | undefined) ?? absent(option)
  }
  return options as Given<Command['options'], Command['operands']>['options']
}

function absent({ type, multiple }: Option): false | readonly string[] | undefined {
  if (type === 'boolean') return false
  return multiple ? [] : undefined
}

function place(command: Command, positionals: readonly string[]): Readonly<Record<string, string>> {
  const wanted = Object.entries(command.operands)
  const surplus = positionals[wanted.length]
  if (surplus !== undefined) refuseUsage(`"${surplus}" is one word too many.`)
  return Object.fromEntries(
    wanted.map(([name, { value, about }], i) => [name, positionals[i] ?? refuseUsage(`${value} is missing: ${about}`)]),
  )
}

/** A whole number within limits. @throws UsageError */
export function wholeNumber(
  option: string,
  text: string,
  limits: { readonly min: number; readonly max: number },
): number {
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
  if (value >= limits.min && value <= limits.max) return value
  return refuseUsage(`--${option} is a whole number from ${limits.min} to ${limits.max}.`)
}

/** One of a few words. @throws UsageError */
export function oneOf<const Word extends string>(option: string, text: string, words: readonly Word[]): Word {
  return words.find((word) => word === text) ?? refuseUsage(`--${option} is one of: ${words.join(', ')}.`)
}

const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/

/** A moment of ISO 8601: a date, which is its first moment in universal time, or a time with its zone. @throws UsageError */
export function momentOf(option: string, text: string): Date {
  const moment = new Date(MOMENT.test(text) ? text : Number.NaN)
  if (!Number.isNaN(moment.getTime())) return moment
  return refuseUsage(`--${option} is a moment such as 2026-11-20 or 2026-11-20T12:00:00Z.`)
}
