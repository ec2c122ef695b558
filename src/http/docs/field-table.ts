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

/** The fields of an object or of the objects in a list, one row each, with those inside them below. */
export function fieldTable(caption: string, schema: unknown): Html {
  const rows = rowsOf(schema as Property, '')
  if (rows.length === 0) return html``
  return html`<div class="table" role="region" aria-label="${caption}" tabindex="0"><table><caption>${caption}</caption>
<thead><tr><th scope="col">Field</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead>
<tbody>${join(rows)}</tbody></table></div>`
}

function rowsOf(schema: Property, prefix: string): readonly Html[] {
  const object = schema.items ?? schema
  const required = object.required ?? []
  return Object.entries(object.properties ?? {}).flatMap(([name, property]) => {
    const path = `${prefix}${name}`
    const need = required.includes(name) ? html`` : html` <span class="faint">(optional)</span>`
    const row = html`<tr><th scope="row"><code>${path}</code>${need}</th><td>${typeOf(property)}</td>
<td>${[property.description ?? '', ...rulesOf(property)].filter(Boolean).join(' · ')}</td></tr>`
    return [row, ...rowsOf(property, `${path}${property.items ? '[]' : ''}.`)]
  })
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
    minLength === undefined ? '' : `at least ${minLength} characters`,
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    minimum === undefined || minimum < -1e15 ? '' : `at least ${minimum}`,
    maximum === undefined || maximum > 1e15 ? '' : `at most ${maximum}`,
  ]
}
