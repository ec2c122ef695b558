import {
  type Dict,
  latin1,
  NULL,
  type PdfDocument,
  type PdfObject,
  pages,
  readDict,
  readEdges,
  readInteger,
  readName,
  readRef,
} from '../../src/pdf/index.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import type { ArchivePart } from './engine-archive-file.ts'

/** Hidden, Invisible, ToggleNoView and NoView must not be set, and Print must be (ISO 19005-2 6.3.2). */
const FLAGS = { forbidden: 1 | 2 | 32 | 256, wanted: 4 } as const

/**
 * What in a document breaks PDF/A (ISO 19005) of what signing can break: the claim and the output intent, fonts,
 * annotations, forms, transparency, and the way in which appended objects are written. A document that keeps these
 * before keeps them after, or its claim has become false.
 */
export function archiveFaults(document: PdfDocument, part: ArchivePart, appended: Bytes): string[] {
  const objects = objectsOf(document)
  return [
    ...claimFaults(document, part),
    ...objects.flatMap((object) => fontFaults(document, object, part)),
    ...[...pages(document)].flatMap(({ dict }) => annotationFaults(document, dict, part)),
    ...formFaults(document),
    ...(part === 1 ? objects.flatMap(transparencyFaults) : []),
    ...textFaults(latin1(appended)),
  ]
}

function objectsOf(document: PdfDocument): PdfObject[] {
  const numbers = Array.from({ length: document.firstFreeNumber - 1 }, (_, i) => i + 1)
  return numbers.flatMap((number) => document.object({ number, generation: 0 }) ?? [])
}

/** ISO 19005-1 6.1.3, 6.2.2 and 6.7.11. */
function claimFaults(document: PdfDocument, part: ArchivePart): string[] {
  const { catalog, trailer } = document
  const metadata = readRef(catalog.get('Metadata') ?? NULL)
  const object = metadata && document.object(metadata)
  const text = object ? latin1(document.streamData(object)) : ''
  const faults: string[] = []
  if (!text.includes(`<pdfaid:part>${part}</pdfaid:part>`)) faults.push('the metadata do not claim the part')
  if (object && readDict(object.value)?.has('Filter') && part === 1) faults.push('the metadata are packed')
  const [intent] = document.array(catalog.get('OutputIntents')) ?? []
  if (!document.dict(intent)?.has('DestOutputProfile')) faults.push('there is no output intent')
  if (trailer.has('Encrypt')) faults.push('the file is encrypted')
  if (document.array(trailer.get('ID'))?.length !== 2) faults.push('the trailer has no identifier')
  return faults
}

/** ISO 19005-1 6.3.4 and 6.3.5. */
function fontFaults(document: PdfDocument, object: PdfObject, part: ArchivePart): string[] {
  const dict = readDict(object.value)
  if (nameIn(dict, 'Type') !== 'Font') return []
  const subtype = nameIn(dict, 'Subtype')
  if (subtype === 'Type3' || subtype === 'Type0') return []
  const descriptor = document.dict(dict?.get('FontDescriptor'))
  const isEmbedded = ['FontFile', 'FontFile2', 'FontFile3'].some((key) => descriptor?.has(key))
  const needsSet = part === 1 && subtype?.startsWith('CIDFont') === true
  const where = `the font of object ${object.ref.number}`
  if (!isEmbedded) return [`${where} is not embedded`]
  return needsSet && !descriptor?.has('CIDSet') ? [`${where} does not list its glyphs`] : []
}

/** ISO 19005-1 6.5.3 and 6.9, ISO 19005-2 6.3 and 6.4.1. */
function annotationFaults(document: PdfDocument, page: Dict, part: ArchivePart): string[] {
  return (document.array(page.get('Annots')) ?? []).flatMap((item) => {
    const dict = document.dict(item) ?? new Map()
    const flags = readInteger(document.resolve(dict.get('F') ?? NULL)) ?? 0
    const isPrinted = (flags & FLAGS.forbidden) === 0 && (flags & FLAGS.wanted) !== 0
    const faults = appearanceFaults(document, dict, part)
    if (!isPrinted) faults.push('may not be printed')
    if (dict.has('A') || dict.has('AA')) faults.push('does something')
    return faults.map((fault) => `annotation ${latin1(item)} ${fault}`)
  })
}

/** Part 1 wants an appearance for what is not seen as well. */
function appearanceFaults(document: PdfDocument, annotation: Dict, part: ArchivePart): string[] {
  const [left = 0, bottom = 0, right = 0, top = 0] = readEdges(document, annotation.get('Rect')) ?? []
  const isEmpty = left === right && bottom === top
  const appearance = document.dict(annotation.get('AP'))
  if (!appearance) return part === 1 || !isEmpty ? ['has no appearance'] : []
  return [...appearance.keys()].join() === 'N' ? [] : ['has several appearances']
}

/** ISO 19005-1 6.9. */
function formFaults(document: PdfDocument): string[] {
  const form = document.dict(document.catalog.get('AcroForm'))
  const faults: string[] = []
  if (form?.has('XFA')) faults.push('the form is an XFA form')
  if (latin1(document.resolve(form?.get('NeedAppearances') ?? NULL)) === 'true') faults.push('viewers draw the form')
  return faults
}

/** ISO 19005-1 6.4. */
function transparencyFaults({ ref, value }: PdfObject): string[] {
  const text = latin1(value)
  const found = [
    /\/SMask(?!\s*\/None)/,
    /\/S\s*\/Transparency\b/,
    /\/(?:ca|CA)\s+(?!1(?:\.0*)?\b)[\d.]/,
    /\/BM\s*\/(?!Normal|Compatible)/,
  ]
  return found.some((pattern) => pattern.test(text)) ? [`object ${ref.number} is transparent`] : []
}

/** ISO 19005-1 6.1.4, 6.1.7 and 6.1.8: white space that others may choose freely. Each word, and how it must stand. */
const WORDS: readonly (readonly [fault: string, all: RegExp, right: RegExp])[] = [
  ['an object starts wrongly', /\d obj\b/g, /(?<=^|[\r\n])\d+ \d+ obj(?=[\r\n])/g],
  ['an object ends wrongly', /endobj\b/g, /(?<=[\r\n])endobj(?=[\r\n])/g],
  ['a stream starts wrongly', /\bstream\b/g, /\bstream(?=\r?\n)/g],
  ['a stream ends wrongly', /endstream\b/g, /(?<=[\r\n])endstream\b/g],
  ['a table starts wrongly', /\bxref\b/g, /(?<=[\r\n])xref(?=\r\n\d|[\r\n]\d)/g],
]

function textFaults(text: string): string[] {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0
  return WORDS.filter(([, all, right]) => count(all) !== count(right)).map(([fault]) => fault)
}

function nameIn(dict: Dict | undefined, key: string): string | undefined {
  return readName(dict?.get(key) ?? NULL)
}
