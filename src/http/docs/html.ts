/** Markup that is safe to put into a page. Only `html` and `join` make it. */
export type Html = { readonly markup: string }

type Part = Html | string | number

/** Joins markup and values; every value that is not markup already is escaped, in text and in quoted attributes. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let markup = strings[0] ?? ''
  parts.forEach((part, index) => {
    markup += (typeof part === 'object' ? part.markup : escaped(String(part))) + (strings[index + 1] ?? '')
  })
  return { markup }
}

export function join(parts: readonly Html[], between: '\n' | '' = '\n'): Html {
  return { markup: parts.map(({ markup }) => markup).join(between) }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
