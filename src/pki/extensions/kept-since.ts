import type { Bytes } from '../../std/bytes.ts'
import { readDer } from '../der-reader.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'
import { generalizedTime, readPreciseTime } from '../time.ts'

/** For an answer of OCSP: certificates that expired after `since` are still answered for (RFC 6960 4.4.4). */
export function archiveCutoff(since: Date): Extension {
  return { id: OID.ocspArchiveCutoff, critical: false, value: generalizedTime(since) }
}

/** For a list: certificates that expired after `since` stay on it (X.509, expiredCertsOnCRL). */
export function expiredCertsOnCrl(since: Date): Extension {
  return { id: OID.expiredCertsOnCRL, critical: false, value: generalizedTime(since) }
}

/** Reads either. Throws `pki.der`. */
export function readKeptSince(value: Bytes): Date {
  return readPreciseTime(readDer(value))
}
