import { tlv } from '../../src/pki/index.ts'
import type { Chance, Mutation } from './hostile-mutations.ts'

/** An element of an encoding; one that cannot be taken apart has bytes alone. */
type Element = { tag: number; content: Buffer; children: Element[] | undefined }

const CONSTRUCTED = 0x20
const MAX_DEPTH = 40

/** The elements one after the other, or nothing when the bytes are something else. */
function elementsOf(bytes: Buffer, depth = 0): Element[] | undefined {
  const elements: Element[] = []
  for (let at = 0; at < bytes.length; ) {
    const header = headerAt(bytes, at)
    if (header === undefined || depth > MAX_DEPTH) return undefined
    const content = bytes.subarray(header.start, header.end)
    const children = mayHold(header.tag) ? elementsOf(content, depth + 1) : undefined
    elements.push({ tag: header.tag, content, children })
    at = header.end
  }
  return elements
}

function headerAt(bytes: Buffer, at: number): { tag: number; start: number; end: number } | undefined {
  const [tag, first] = [bytes[at], bytes[at + 1]]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return undefined
  const more = first < 0x80 ? 0 : first & 0x7f
  if (more > 4 || (first >= 0x80 && more === 0) || at + 2 + more > bytes.length) return undefined
  const start = at + 2 + more
  const end = start + (more === 0 ? first : bytes.readUIntBE(at + 2, more))
  return end > bytes.length ? undefined : { tag, start, end }
}

/** Octet strings often hold an encoding, and so do not only those that say so. */
function mayHold(tag: number): boolean {
  return (tag & CONSTRUCTED) !== 0 || tag === 0x04
}

function encoded({ tag, content, children }: Element): Buffer {
  return Buffer.from(tlv(tag, ...(children ? children.map(encoded) : [content])))
}

type Place = { readonly siblings: Element[]; readonly index: number }

function placesIn(elements: Element[], places: Place[] = []): Place[] {
  for (const [index, { children }] of elements.entries()) {
    places.push({ siblings: elements, index })
    if (children) placesIn(children, places)
  }
  return places
}

const CONTENTS = ['', '00', '01', 'ff', '80', '7fffffffffffffffff', '00'.repeat(64), 'ff'.repeat(600)] as const
const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0a, 0x0c, 0x13, 0x17, 0x18, 0x1e, 0x30, 0x31, 0x80, 0xa0, 0xa1, 0xa3,
]

type Edit = (place: Place, element: Element, chance: Chance, all: readonly Place[]) => void

const edits: readonly Edit[] = [
  ({ siblings, index }) => siblings.splice(index, 1),
  ({ siblings, index }, element) => siblings.splice(index, 0, element),
  ({ siblings, index }, element) => siblings.splice(index, 1, ...(element.children ?? [element])),
  ({ siblings }) => siblings.reverse(),
  (_, element, chance) => {
    element.tag = TAGS[chance(TAGS.length)] ?? 0
  },
  (_, element, chance) => {
    element.content = Buffer.from(CONTENTS[chance(CONTENTS.length)] ?? '', 'hex')
    element.children = undefined
  },
  (_, element, chance) => {
    const at = chance(Math.max(1, element.content.length))
    element.content = Buffer.from(element.content)
    element.content[at] = (element.content[at] ?? 0) ^ (1 << chance(8))
    element.children = undefined
  },
  ({ siblings, index }, _element, chance, all) => {
    const other = all[chance(all.length)]
    const found = other?.siblings[other.index]
    // A copy: an element that came to lie in itself would have no end.
    if (found) siblings[index] = { tag: found.tag, content: encoded(found), children: undefined }
  },
  ({ siblings, index }, element, chance) => {
    let inside = encoded(element)
    for (let left = chance(30); left > 0; left--) inside = Buffer.from(tlv(0x30, inside))
    siblings[index] = { tag: 0x30, content: inside, children: undefined }
  },
]

/** Another structure in a right encoding: every length is what it must be. */
export const structureMutation: Mutation = (bytes, chance) => {
  const elements = elementsOf(bytes)
  const places = elements ? placesIn(elements) : []
  const place = places[chance(Math.max(1, places.length))]
  const element = place?.siblings[place.index]
  if (!elements || !place || !element) return bytes
  edits[chance(edits.length)]?.(place, element, chance, places)
  return Buffer.concat(elements.map(encoded))
}
