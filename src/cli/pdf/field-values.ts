import { z } from 'zod'
import type { FieldInfo, FieldValue, FieldValues } from '../../pdf/index.ts'
import { refuseUsage, UsageError } from '../errors.ts'
import { jsonOrNothing, readGiven } from './read-given.ts'

/** Values by the names of fields, as they were given. */
export type Settings = ReadonlyMap<string, FieldValue>

const Values = z.record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string())]))

/** The values on the command line and in the file; a field is in one of them. @throws UsageError */
export async function readSettings(given: {
  readonly set: readonly string[]
  readonly values: string | undefined
}): Promise<Settings> {
  const settings = new Map<string, FieldValue>()
  for (const word of given.set) {
    const end = word.indexOf('=')
    if (end < 1) refuseUsage('--set is NAME=VALUE.')
    const [name, value] = [word.slice(0, end), word.slice(end + 1)]
    const before = settings.get(name)
    settings.set(name, before === undefined ? value : [before, value].flat().map(String))
  }
  if (given.values === undefined) return settings
  for (const [name, value] of Object.entries(await readValues(given.values))) {
    if (settings.has(name)) refuseUsage(`The field ${name} is in --set and in --values.`)
    settings.set(name, value)
  }
  return settings
}

async function readValues(path: string): Promise<FieldValues> {
  const text = (await readGiven(path)).toString('utf8')
  const parsed = Values.safeParse(jsonOrNothing(text))
  if (parsed.success) return parsed.data
  const message = `${path} is no JSON object of texts, true or false, and lists of texts.`
  throw new UsageError('usage.unreadable_file', message)
}

/**
 * The values as the fields take them: a command line has no word for true and false, so that for a check box without
 * states of these names the texts stand for them.
 */
export function fieldValues(settings: Settings, fields: readonly FieldInfo[]): FieldValues {
  const boxes = new Map(fields.flatMap(({ name, kind, options }) => (kind === 'checkbox' ? [[name, options]] : [])))
  const entries = [...settings].map(([name, value]): [string, FieldValue] => {
    const states = boxes.get(name)
    const isWord = (value === 'true' || value === 'false') && !states?.some((state) => state.value === value)
    return [name, states && isWord ? value === 'true' : value]
  })
  return Object.fromEntries(entries)
}
