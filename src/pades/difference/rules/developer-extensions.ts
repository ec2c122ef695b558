import { type Dict, NULL, readDict, readInteger, readName, readRef, sameEntry } from '../../../pdf/index.ts'
import type { Comparison } from '../comparison.ts'
import { referencesIn } from '../reference-index.ts'

const KEYS = new Set(['Type', 'BaseVersion', 'ExtensionLevel', 'ExtensionRevision', 'URL'])

/**
 * The names of extensions that a file uses (ISO 32000-2 7.12): whoever adds a security store names those of ETSI and
 * Adobe. Entries may come; those that are there may be of a higher level.
 */
export function developerExtensions(comparison: Comparison): void {
  const { before, after } = comparison
  const [value, catalog] = [after.catalog.get('Extensions'), after.catalogRef.number]
  const ref = readRef(value ?? NULL)
  const isTouched = ref ? comparison.changed.has(ref.number) : !sameEntry(before.catalog.get('Extensions'), value)
  const is = after.dict(value)
  if (!isTouched || !is || !isExtended(before.dict(before.catalog.get('Extensions')), is)) return
  if (ref && !comparison.belongsTo(ref.number, [catalog])) return
  comparison.allowEntries(catalog, ['Extensions'])
  comparison.report({ kind: 'extension', what: 'developer_extensions' }, ref ? [ref.number] : [])
}

function isExtended(was: Dict | undefined, is: Dict): boolean {
  const isKept = [...(was?.keys() ?? [])].every((key) => is.has(key))
  return (
    isKept &&
    [...is].every(([key, value]) => {
      const old = was?.get(key)
      if (sameEntry(old, value)) return true
      return readName(value) === undefined && isExtension(value) && (old === undefined || isRaised(old, value))
    })
  )
}

function isExtension(value: Uint8Array): boolean {
  const dict = readDict(value)
  return dict !== undefined && [...dict.keys()].every((key) => KEYS.has(key)) && referencesIn(value).length === 0
}

function isRaised(was: Uint8Array, is: Uint8Array): boolean {
  const level = (value: Uint8Array) => readInteger(readDict(value)?.get('ExtensionLevel') ?? NULL)
  return (level(is) ?? 0) >= (level(was) ?? Number.POSITIVE_INFINITY)
}
