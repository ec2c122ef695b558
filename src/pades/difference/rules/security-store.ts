import { canonicalText, type Dict, isNull, NULL, readDict, readRef, sameEntry } from '../../../pdf/index.ts'
import type { Bytes } from '../../../std/bytes.ts'
import type { Comparison } from '../comparison.ts'

const LISTS = ['Certs', 'OCSPs', 'CRLs']
const STORE_KEYS = new Set([...LISTS, 'Type', 'VRI'])
const RELATED_LISTS = ['Cert', 'OCSP', 'CRL']
const RELATED_KEYS = new Set([...RELATED_LISTS, 'Type', 'TU', 'TS'])
/** SHA-1 of a signature's /Contents. */
const SIGNATURE_NAME = /^[0-9A-F]{40}$/i

/**
 * The document security store (ISO 32000-2 12.8.4.3): certificates and revocation data for the signatures. It may
 * grow. What was in it stays: without it an older signature can no longer be judged, or is judged by other data.
 */
export function securityStore(comparison: Comparison): void {
  const { before, after } = comparison
  const [was, is] = [before.catalog.get('DSS'), after.catalog.get('DSS')]
  if (is === undefined || !touches(comparison, is, was)) return
  const objects = new StoreReader(comparison).store(was, is)
  if (!objects) return
  comparison.allowEntries(after.catalogRef.number, ['DSS'])
  comparison.report({ kind: 'extension', what: 'security_store' }, objects)
}

/** True when the revision changed the store, or an object that it consists of. */
function touches(comparison: Comparison, is: Bytes, was: Bytes | undefined): boolean {
  if (!sameEntry(was, is)) return true
  const dict = comparison.after.dict(is)
  const related = [...(comparison.after.dict(dict?.get('VRI'))?.values() ?? [])]
  const parts = [is, ...LISTS.map((key) => dict?.get(key) ?? NULL), dict?.get('VRI') ?? NULL, ...related]
  return parts.some((part) => comparison.changed.has(readRef(part)?.number ?? -1))
}

/** Reads the store in both states; each method gives the objects that take part, or undefined when all is not well. */
class StoreReader {
  readonly #comparison: Comparison

  constructor(comparison: Comparison) {
    this.#comparison = comparison
  }

  store(was: Bytes | undefined, is: Bytes): number[] | undefined {
    const catalog = this.#comparison.after.catalogRef.number
    const pair = this.#dictionaries(was, is, catalog, STORE_KEYS)
    if (!pair) return undefined
    const lists = LISTS.map((key) => this.#list(pair.was.get(key), pair.is.get(key), pair.owner))
    return joined([pair.objects, ...lists, this.#related(pair.was.get('VRI'), pair.is.get('VRI'), pair.owner)])
  }

  /** /VRI: what belongs to one signature. */
  #related(was: Bytes | undefined, is: Bytes | undefined, owner: number): number[] | undefined {
    if (is === undefined) return isAbsent(was) ? [] : undefined
    const pair = this.#dictionaries(was, is, owner)
    if (!pair || [...pair.was.keys()].some((key) => !pair.is.has(key))) return undefined
    const parts = [...pair.is].map(([key, value]) => {
      const old = pair.was.get(key)
      if (old === undefined && key !== 'Type' && !SIGNATURE_NAME.test(key)) return undefined
      return key === 'Type' ? [] : this.#relatedEntry(old, value, pair.owner)
    })
    return joined([pair.objects, ...parts])
  }

  #relatedEntry(was: Bytes | undefined, is: Bytes, owner: number): number[] | undefined {
    const pair = this.#dictionaries(was, is, owner, RELATED_KEYS)
    if (!pair) return undefined
    const lists = RELATED_LISTS.map((key) => this.#list(pair.was.get(key), pair.is.get(key), pair.owner))
    return joined([pair.objects, ...lists, this.#evidence(pair.is.get('TS') ?? NULL)])
  }

  /** Two states of a dictionary that may only grow, and which object holds what stands in it. */
  #dictionaries(was: Bytes | undefined, is: Bytes, owner: number, keys?: ReadonlySet<string>) {
    const { before, after } = this.#comparison
    const [dictBefore, dictAfter] = [before.dict(was) ?? NOTHING, after.dict(is)]
    if (!dictAfter || (dictBefore === NOTHING && !isAbsent(was))) return undefined
    if (keys && [...dictAfter.keys()].some((key) => !keys.has(key))) return undefined
    const objects = this.#holder(is, owner)
    if (!objects || [...dictBefore.keys()].some((key) => !dictAfter.has(key))) return undefined
    return { was: dictBefore, is: dictAfter, owner: readRef(is)?.number ?? owner, objects }
  }

  /** A list keeps what it had; what it gains are streams. */
  #list(was: Bytes | undefined, is: Bytes | undefined, owner: number): number[] | undefined {
    const { before, after } = this.#comparison
    if (is === undefined) return isAbsent(was) ? [] : undefined
    const items = after.array(is)
    const held = this.#holder(is, owner)
    if (!items || !held) return undefined
    const now = new Set(items.map(canonicalText))
    const old = new Set((before.array(was) ?? []).map(canonicalText))
    if ([...old].some((item) => !now.has(item))) return undefined
    const added = items.filter((item) => !old.has(canonicalText(item)))
    return joined([held, ...added.map((item) => this.#evidence(item))])
  }

  /** A stream: one that is there already, which stays as it is, or a new one. */
  #evidence(value: Bytes): number[] | undefined {
    if (isNull(value)) return []
    const ref = readRef(value)
    const object = ref && this.#comparison.objectAfter(ref.number)
    if (!ref || object?.streamOffset === undefined) return undefined
    const length = readDict(object.value)?.get('Length')
    if (!this.#comparison.changed.has(ref.number)) return []
    return this.#comparison.isNew(ref.number) ? [ref.number, ...this.#comparison.newObjectsFrom(length)] : undefined
  }

  /** The object that a value is, when it is one and nothing else uses it. */
  #holder(value: Bytes, owner: number): number[] | undefined {
    const ref = readRef(value)
    if (!ref || !this.#comparison.changed.has(ref.number)) return []
    const isStream = this.#comparison.objectAfter(ref.number)?.streamOffset !== undefined
    return !isStream && this.#comparison.belongsTo(ref.number, [owner]) ? [ref.number] : undefined
  }
}

const NOTHING: Dict = new Map()

function isAbsent(value: Bytes | undefined): boolean {
  return value === undefined || isNull(value)
}

function joined(parts: readonly (readonly number[] | undefined)[]): number[] | undefined {
  return parts.every((part) => part !== undefined) ? parts.flat() : undefined
}
