import { NULL, readDict, readRef } from '../../../pdf/index.ts'
import { type Comparison, nameIn } from '../comparison.ts'

const STREAM_KEYS = new Set(['Type', 'Subtype', 'Length', 'Filter', 'DecodeParms'])

/** The XMP metadata of the document (ISO 32000-2 14.3.2): a stream that nothing but the catalog refers to. */
export function metadata(comparison: Comparison): void {
  const { before, after } = comparison
  const ref = readRef(after.catalog.get('Metadata') ?? NULL)
  const was = readRef(before.catalog.get('Metadata') ?? NULL)
  if (!ref || !comparison.changed.has(ref.number)) return
  const isKept = was?.number === ref.number && comparison.belongsTo(ref.number, [after.catalogRef.number])
  if (!isKept && !comparison.isNew(ref.number)) return
  const object = comparison.objectAfter(ref.number)
  const dict = readDict(object?.value ?? NULL)
  if (object?.streamOffset === undefined || nameIn(after, dict, 'Type') !== 'Metadata') return
  if ([...(dict?.keys() ?? [])].some((key) => !STREAM_KEYS.has(key))) return
  comparison.allowEntries(after.catalogRef.number, ['Metadata'])
  comparison.report({ kind: 'metadata' }, [ref.number, ...comparison.newObjectsFrom(dict?.get('Length'))])
}
