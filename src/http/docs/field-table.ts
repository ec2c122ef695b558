import { type Html, html, join } from './html.ts'

type Property = {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly format?: string
  readonly pattern?: string
  readonly minLength?: number
  readonly maxLength?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly anyOf?: readonly Property[]
  readonly items?: Property
  readonly properties?: Readonly<Record<string, Property>>
  readonly required?: readonly string[]
}

/**
 * The fields of an object or of the objects in a list, one row each, with those inside them below. Two columns, so that
 * a telephone shows both.
 */
export function fieldTable(caption: string, schema: unknown): Html {
  const rows = rowsOf(schema as Property, '')
  if (rows.length === 0) return html``
  return html`<div class="table" role="group" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Meaning</th></tr></thead>
<tbody>${join(rows)}</tbody></table></div>`
}

function rowsOf(schema: Property, prefix: string): readonly Html[] {
  const object = schema.items ?? schema
  const required = object.required ?? []
  return Object.entries(object.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`
    const need = required.includes(name) ? '' : ', optional'
    const row = html`<tr><th scope="row"><code>${breakable(path)}</code><br><span class="type">${typeOf(property)}${need}</span></th>
<td>${property.description ?? ''} <span class="rules">${rulesOf(property).filter(Boolean).join(' · ')}</span></td></tr>`
    return [row, ...rowsOf(property, `${path}${property.items ? '[]' : ''}.`)]
  })
}

/** A path that a narrow screen breaks between its words, not inside one. */
function breakable(path: string): Html {
  const [first = '', ...rest] = path.split(/(?<=[._])/)
  return html`${first}${join(
    rest.map((part) => html`<wbr>${part}`),
    '',
  )}`
}

function typeOf({ type, anyOf, items, const: only }: Property): string {
  if (anyOf) return anyOf.map(typeOf).join(' or ')
  if (items) return `list of ${typeOf(items)}`
  if (only !== undefined) return JSON.stringify(only)
  return typeof type === 'string' ? type : (type ?? ['any']).join(' or ')
}

function rulesOf(property: Property): readonly string[] {
  const { format, pattern, minLength, maxLength, minimum, maximum } = property
  return [
    property.enum ? `one of ${property.enum.map((value) => JSON.stringify(value)).join(', ')}` : '',
    format ? `format ${format}` : '',
    pattern && !format ? `pattern ${pattern}` : '',
    lengthRule(minLength, maxLength),
    minimum === undefined || minimum < -1e15 ? '' : `at least ${minimum}`,
    maximum === undefined || maximum > 1e15 ? '' : `at most ${maximum}`,
  ]
}

function lengthRule(least = 0, most?: number): string {
  if (most === undefined) return least === 0 ? '' : `at least ${characters(least)}`
  if (least === most) return characters(most)
  return least === 0 ? `at most ${characters(most)}` : `${least} to ${characters(most)}`
}

function characters(count: number): string {
  return `${count} character${count === 1 ? '' : 's'}`
}
