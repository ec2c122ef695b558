/** An element with the text right inside it. */
export type XmlNode = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlNode[]
  text: string
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Reads the XML that a report is written in: elements, attributes and text. Anything else is an error. */
export function readXml(xml: string): XmlNode {
  const declaration = /^<\?xml version="1\.0" encoding="UTF-8"\?>\n/
  if (!declaration.test(xml)) throw new Error('there is no XML declaration')
  const outside: XmlNode = { name: '', attributes: {}, children: [], text: '' }
  const open = [outside]
  for (const token of xml
    .replace(declaration, '')
    .trimEnd()
    .match(/<[^>]*>|[^<]+/g) ?? [])
    readToken(token, open)
  const [root] = outside.children
  if (!root || open.length !== 1 || outside.children.length !== 1) throw new Error('not exactly one element is closed')
  return root
}

function readToken(token: string, open: XmlNode[]): void {
  const current = open.at(-1)
  if (!current) throw new Error('too many elements are closed')
  const closing = /^<\/([\w:]+)>$/.exec(token)
  const opening = /^<([\w:]+)((?: [\w:]+="[^"<]*")*)>$/.exec(token)
  if (closing) {
    if (current.name !== closing[1]) throw new Error(`${current.name} is closed as ${closing[1]}`)
    open.pop()
  } else if (opening) {
    const [, name = '', rest = ''] = opening
    const pairs = [...rest.matchAll(/([\w:]+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, unescaped(value)])
    const node: XmlNode = { name, attributes: Object.fromEntries(pairs), children: [], text: '' }
    current.children.push(node)
    open.push(node)
  } else if (token.startsWith('<')) throw new Error(`${token} is not XML`)
  else current.text += unescaped(token)
}

function unescaped(text: string): string {
  return text.replace(/&(#(\d+);|(\w+);)?/g, (_, whole, code, name) => {
    const found = code ? String.fromCodePoint(Number(code)) : ENTITIES[name]
    if (whole === undefined || found === undefined) throw new Error('an ampersand stands alone')
    return found
  })
}
