import { code, GENERATED, table } from './markdown.ts'

/** Code to kind and message. */
export type ErrorCatalog = Readonly<Record<string, readonly [kind: string, message: string]>>

/** Every refusal, in a table for each noun, in the order of the catalog. */
export function errorsPage(catalog: ErrorCatalog): string {
  const byNoun = Object.groupBy(Object.entries(catalog), ([name]) => name.split('.')[0] ?? name)
  const sections = Object.entries(byNoun).map(([noun, errors = []]) => {
    const rows = errors.map(([name, [kind, message]]) => [code(name), kind, message])
    return `## ${noun}\n\n${table(['code', 'kind', 'message'], rows)}`
  })
  const introduction =
    'Every refusal of the platform. The kind decides the status of a reply, in the words of each API; the code is stable\n' +
    'and safe to compare with; the message may be worded better in a later version.'
  return `${GENERATED}\n\n# Errors\n\n${introduction}\n\n${sections.join('\n')}`
}
