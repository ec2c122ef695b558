import type { Bytes } from '../../std/bytes.ts'
import { fieldsOf, readDer } from '../der-reader.ts'
import { TAG } from '../der-writer.ts'
import { type Extension, readExtensions } from '../extension.ts'
import { oidText } from '../object-identifier.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'
import { readPreciseTime, readTime } from '../time.ts'
import { DerCursor } from './der-cursor.ts'
import { type EntryReason, revocationReason } from './revocation-reason.ts'

/** An entry of a list (RFC 5280 5.1.2.6, 5.3). */
export type ListEntry = {
  readonly revokedAt: Date
  readonly reason?: EntryReason
  /** When the key is thought to have become untrustworthy (RFC 5280 5.3.2). */
  readonly invalidSince?: Date
}

export type SearchResult = {
  /** The entry of the certificate that was looked for. */
  readonly entry?: ListEntry
  /** A critical extension that is not known here, in whatever entry: it spoils the whole list (RFC 5280 5.3). */
  readonly strangeExtension?: string
}

const UNDERSTOOD: ReadonlySet<string> = new Set([OID.cRLReason, OID.invalidityDate])

/**
 * Looks through all entries for a serial number, in time that grows with the list and with no memory that does.
 * Every entry is walked over, as none may be malformed. Throws `pki.der` or `pki.status`.
 */
export function searchEntries(entries: Bytes, serial: Bytes): SearchResult {
  const cursor = new DerCursor(entries)
  let entry: ListEntry | undefined
  let strangeExtension: string | undefined
  for (let at = 0; at < entries.length; ) {
    const { start, end } = cursor.open(at, entries.length, TAG.sequence)
    const time = cursor.skipInteger(start, end)
    const isWanted = entry === undefined && cursor.holds(serial)
    const rest = cursor.skipTime(time, end)
    if (rest < end) strangeExtension ??= strangeCritical(cursor, rest, end)
    if (isWanted) entry = readEntry(entries.subarray(at, end))
    at = end
  }
  return { ...(entry && { entry }), ...(strangeExtension !== undefined && { strangeExtension }) }
}

/** The first critical extension of an entry that is not known here. */
function strangeCritical(cursor: DerCursor, from: number, limit: number): string | undefined {
  if (cursor.open(from, limit, TAG.sequence).end !== limit) refuse('pki.der', 'an entry has a field too many')
  for (let at = cursor.start; at < limit; ) {
    const { start, end } = cursor.open(at, limit, TAG.sequence)
    const flag = cursor.open(start, end, TAG.oid).end
    // DER writes the flag only when it is TRUE.
    if (cursor.tagAt(flag) === TAG.boolean) {
      const id = oidText(readDer(cursor.wholeValue(start)))
      if (!UNDERSTOOD.has(id)) return id
    }
    at = end
  }
  return undefined
}

function readEntry(der: Bytes): ListEntry {
  const fields = fieldsOf(readDer(der), 'revokedCertificate')
  fields.take(TAG.integer)
  const revokedAt = readTime(fields.take())
  const extensions = fields.more ? readExtensions(fields.take(TAG.sequence)) : new Map<string, Extension>()
  fields.end()
  const reason = extensions.get(OID.cRLReason)
  const invalidity = extensions.get(OID.invalidityDate)
  return {
    revokedAt,
    ...(reason && { reason: revocationReason.read(readDer(reason.value)) }),
    ...(invalidity && { invalidSince: readPreciseTime(readDer(invalidity.value)) }),
  }
}
