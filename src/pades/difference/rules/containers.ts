import { readDict } from '../../../pdf/index.ts'
import { type Comparison, nameIn } from '../comparison.ts'

/** New cross-reference streams and object streams show nothing; what lies inside is looked at by itself. */
export function containers(comparison: Comparison): void {
  for (const number of comparison.changed) {
    const object = comparison.isNew(number) ? comparison.objectAfter(number) : undefined
    if (object?.streamOffset === undefined) continue
    const type = nameIn(comparison.after, readDict(object.value), 'Type')
    if (type === 'XRef' || type === 'ObjStm') comparison.vouch([number])
  }
}
