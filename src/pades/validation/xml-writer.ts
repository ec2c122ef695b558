/** An element that was written. Plain strings are text, and are escaped. */
export type Xml = { readonly xml: string }

type Attributes = Readonly<Record<string, string>>

/** An element with attributes and content; what is undefined is left out. */
export function element(name: string, attributes: Attributes, ...content: readonly (Xml | string | undefined)[]): Xml {
  const head = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeText(value)}"`)
  const inside = content.map((part) => (typeof part === 'string' ? escapeText(part) : (part?.xml ?? '')))
  return { xml: `<${name}${head.join('')}>${inside.join('')}</${name}>` }
}

export function writeDocument(root: Xml): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root.xml}\n`
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** XML 1.0 2.2: most control characters, lone surrogates and the last two code points may not even be escaped. */
function escapeText(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN, '\u{FFFD}')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '')
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`)
}

const FORBIDDEN = /[[\p{Cc}\u{FFFE}\u{FFFF}]--[\t\n\r]]/gv
