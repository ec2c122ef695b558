import type { Bytes } from '../../std/bytes.ts'
import { PkiError } from '../pki-error.ts'
import { crlStatus } from './crl-status.ts'
import { readOcspResponse } from './ocsp-response.ts'
import { ocspStatus } from './ocsp-status.ts'
import { readCertificateList } from './read-certificate-list.ts'
import { type StatusFinding, type StatusKind, type StatusSubject, unusable } from './status-finding.ts'

/** Reads and judges an answer from outside. What cannot be read is a finding as well, so that nothing is thrown. */
export function statusFrom(kind: StatusKind, der: Bytes, subject: StatusSubject, nonce?: Bytes): StatusFinding {
  try {
    return kind === 'ocsp'
      ? ocspStatus(readOcspResponse(der), subject, nonce)
      : crlStatus(readCertificateList(der), subject)
  } catch (error) {
    if (error instanceof PkiError) return unusable(kind, 'malformed', error.message)
    throw error
  }
}
