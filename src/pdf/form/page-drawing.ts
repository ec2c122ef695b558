import type { Bytes } from '../../std/bytes.ts'
import { decimal } from '../decimal.ts'
import type { PdfDocument } from '../document.ts'
import { inheritedEntry } from '../page-geometry.ts'
import type { Page } from '../page-tree.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import { type Dict, type Ref, writeArray, writeDict, writeName, writeRef } from '../values.ts'
import { editObject } from './edit-object.ts'
import type { Placement } from './widget-placement.ts'

/** The streams that keep what a page has apart from what is drawn after it; one pair serves all pages. */
export type Brackets = { readonly open: Ref; readonly close: Ref }

/** Adds the streams that save the graphics state before the contents of a page and restore it after them. */
export function putBrackets(writer: RevisionWriter): Brackets {
  const [open, close] = [writer.allocate(), writer.allocate()]
  writer.putStream(open, new Map(), Buffer.from('q\n'))
  writer.putStream(close, new Map(), Buffer.from('\nQ\n'))
  return { open, close }
}

/** Draws forms over the contents of a page. The contents stay the objects that they are. */
export function drawOnPage(
  document: PdfDocument,
  writer: RevisionWriter,
  page: Page,
  placements: readonly Placement[],
  brackets: Brackets,
): void {
  const resources = document.dict(inheritedEntry(document, page.dict, 'Resources')) ?? new Map<string, Bytes>()
  const objects = new Map(document.dict(resources.get('XObject')) ?? [])
  const operators = placements.map(({ form, matrix }) => {
    const name = freeName(objects)
    objects.set(name, Buffer.from(writeRef(form)))
    return `q ${matrix.map(decimal).join(' ')} cm ${writeName(name)} Do Q`
  })
  const drawn = writer.allocate()
  writer.putStream(drawn, new Map(), Buffer.from(`${operators.join('\n')}\n`))
  const parts = [writeRef(brackets.open), ...contentsOf(document, page.dict), writeRef(brackets.close), writeRef(drawn)]
  editObject(writer, page.ref, {
    Contents: writeArray(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : part))),
    // Resources may be shared with other pages, so this page gets its own.
    Resources: writeDict(new Map([...resources, ['XObject', writeDict(objects)]])),
  })
}

function contentsOf(document: PdfDocument, page: Dict): Bytes[] {
  const value = page.get('Contents')
  if (value === undefined) return []
  return document.array(value) ?? [value]
}

function freeName(names: ReadonlyMap<string, Bytes>): string {
  for (let i = names.size; ; i++) if (!names.has(`Fill${i}`)) return `Fill${i}`
}
