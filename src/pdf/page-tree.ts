import type { Bytes } from '../std/bytes.ts'
import type { PdfDocument } from './document.ts'
import { damaged, overLimit, PdfError } from './pdf-error.ts'
import { type Dict, type Ref, readRef } from './values.ts'

export type Page = { readonly ref: Ref; readonly dict: Dict }

/**
 * The page with this number, counted from 0. The counts in the tree are not trusted. Throws `pdf.not_found` when
 * there are fewer pages, `pdf.damaged` for a tree with a loop, and `pdf.limit`.
 */
export function findPage(document: PdfDocument, index: number): Page {
  let left = index
  for (const page of pages(document)) if (left-- === 0) return page
  throw new PdfError('pdf.not_found', 'the document has no such page', { what: 'page', page: index })
}

/** The page that lists an annotation, or undefined. What the annotation says of its page is not asked. */
export function pageWith(document: PdfDocument, annotation: Ref): Page | undefined {
  for (const { page, annotations } of annotatedPages(document))
    if (annotations.some((item) => readRef(item)?.number === annotation.number)) return page
  return undefined
}

/**
 * All pages in their order, each with the values of its /Annots. A list that many pages share counts for each of them.
 * Throws like {@link findPage}.
 */
export function* annotatedPages(document: PdfDocument): Generator<{ page: Page; annotations: readonly Bytes[] }> {
  const { items } = document.limits
  let left = items
  for (const page of pages(document)) {
    const annotations = document.array(page.dict.get('Annots')) ?? []
    left -= annotations.length
    if (left < 0) overLimit('annotations', items)
    yield { page, annotations }
  }
}

/** All pages in their order. Throws like {@link findPage}. */
export function* pages(document: PdfDocument): Generator<Page> {
  const root = readRef(document.catalog.get('Pages') ?? new Uint8Array())
  if (!root) damaged('page_tree', 'the catalog names no page tree')
  const seen = new Set<number>()
  const waiting = [{ ref: root, depth: 0 }]
  let nodes = 1
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    const { ref, depth } = node
    if (seen.has(ref.number)) damaged('page_tree', 'a node of the page tree stands twice')
    seen.add(ref.number)
    const dict = document.dict(ref) ?? damaged('page_tree', 'a node of the page tree is missing')
    const kids = document.arrayOrNull(dict.get('Kids'), 'page_tree')
    if (!kids) {
      yield { ref, dict }
      continue
    }
    nodes += kids.length
    checkLimits(document, nodes, depth + 1)
    for (const kid of kids.toReversed()) waiting.push({ ref: pageRef(kid), depth: depth + 1 })
  }
}

function checkLimits({ limits }: PdfDocument, nodes: number, depth: number): void {
  if (nodes > limits.nodes) overLimit('nodes', limits.nodes)
  if (depth > limits.depth) overLimit('depth', limits.depth)
}

function pageRef(kid: Bytes): Ref {
  return readRef(kid) ?? damaged('page_tree', 'a page is not an object of its own')
}
