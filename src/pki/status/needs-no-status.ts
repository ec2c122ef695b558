import type { Certificate } from '../certificate.ts'
import { OID } from '../oids.ts'
import type { Purpose } from '../path/purpose.ts'

/**
 * True for certificates about whose revocation nobody is to be asked, as whoever issued them says: responders (RFC 6960
 * 4.2.2.2.1), and whoever has one for so short a time that nobody answers for it (EN 319 412-1 5.2.2, RFC 9608 4).
 * Authorities are always asked about.
 */
export function needsNoStatus({ extensions }: Certificate, purpose: Purpose): boolean {
  if (purpose === 'certificateAuthority') return false
  if (purpose === 'ocspSigning' && extensions.has(OID.ocspNoCheck)) return true
  return extensions.has(OID.validityAssuredShortTerm) || extensions.has(OID.noRevAvail)
}
