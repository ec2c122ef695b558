import { isNull, NULL, readName, readRef, readString } from '../../../pdf/index.ts'
import type { Comparison } from '../comparison.ts'
import { TRAILER } from '../reference-index.ts'

/** The information dictionary (ISO 32000-2 14.3.3): texts, and one name. */
export function documentInformation(comparison: Comparison): void {
  const ref = readRef(comparison.after.trailer.get('Info') ?? NULL)
  if (!ref || !comparison.changed.has(ref.number) || comparison.isVouched(ref.number)) return
  const was = readRef(comparison.before.trailer.get('Info') ?? NULL)
  if (!comparison.isNew(ref.number) && was?.number !== ref.number) return
  const object = comparison.objectAfter(ref.number)
  const entries = [...(comparison.after.dict(ref) ?? [])]
  const isPlain = entries.every(
    ([key, value]) => readString(value) !== undefined || isNull(value) || (key === 'Trapped' && readName(value)),
  )
  if (!isPlain || object?.streamOffset !== undefined || !comparison.belongsTo(ref.number, [TRAILER])) return
  comparison.report({ kind: 'document_information' }, [ref.number])
}
