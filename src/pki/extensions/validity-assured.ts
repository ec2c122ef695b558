import { equalBytes } from '../../std/bytes.ts'
import type { TbsCertificate } from '../certificate.ts'
import { NULL } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'

/**
 * EN 319 412-1 5.2.2: the issuer answers for the certificate through all of its short life, so there is no
 * information about its revocation and none is to be asked for.
 */
export function validityAssuredShortTerm(): Extension {
  return { id: OID.validityAssuredShortTerm, critical: false, value: NULL }
}

/** True when the certificate carries the extension. Throws `pki.certificate` when it is not NULL. */
export function isValidityAssured({ extensions }: TbsCertificate): boolean {
  const found = extensions.get(OID.validityAssuredShortTerm)
  if (found === undefined) return false
  if (!equalBytes(found.value, NULL))
    refuse('pki.certificate', 'the short-term extension is not NULL', { clause: 'EN 319 412-1 5.2.2' })
  return true
}
