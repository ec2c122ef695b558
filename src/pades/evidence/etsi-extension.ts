import { editDict, latin1, NULL, type PdfDocument, readInteger, readName } from '../../pdf/index.ts'
import type { Bytes } from '../../std/bytes.ts'

/** From PDF 2.0 on, security stores and document time-stamps are part of the format itself. */
const FIRST_VERSION_WITH = 2
/** ETSI EN 319 142-1 5.6: the level that stands for security stores and document time-stamps. */
const LEVEL = 5

/**
 * The catalog's entry that announces the extension of ETSI in a document older than PDF 2.0 (ISO 32000-2 7.12).
 * Nothing when it stands there or is not needed.
 */
export function withEtsiExtension(document: PdfDocument): Readonly<Record<string, Bytes>> {
  if (versionOf(document) >= FIRST_VERSION_WITH) return {}
  const extensions = document.dict(document.catalog.get('Extensions'))
  const known = document.dict(extensions?.get('ESIC'))
  if ((readInteger(document.resolve(known?.get('ExtensionLevel') ?? NULL)) ?? 0) >= LEVEL) return {}
  const entry = `<</BaseVersion/1.7/ExtensionLevel ${LEVEL}>>`
  return { Extensions: editDict(extensions ?? new Map(), { ESIC: entry }) }
}

/** The catalog's version counts when it is the later one (ISO 32000-2 7.2.2). */
function versionOf({ source, catalog }: PdfDocument): number {
  const inHeader = Number(/^%PDF-(\d\.\d)/.exec(latin1(source.read(0, 8)))?.[1] ?? 0)
  return Math.max(inHeader, Number(readName(catalog.get('Version') ?? NULL) ?? 0))
}
