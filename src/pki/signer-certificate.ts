import { equalBytes } from '../std/bytes.ts'
import type { Certificate } from './certificate.ts'
import { expectTag, readDer } from './der-reader.ts'
import { TAG } from './der-writer.ts'
import { OID } from './oids.ts'
import type { SignerInfo } from './signer-info.ts'

/** The certificate that a SignerInfo names (RFC 5652 5.3), or undefined. Throws `pki.der` for a malformed identifier. */
export function signerCertificate(
  { sid }: Pick<SignerInfo, 'sid'>,
  certificates: readonly Certificate[],
): Certificate | undefined {
  return certificates.find(({ issuer, serial, extensions }) => {
    if ('issuer' in sid) return equalBytes(sid.issuer, issuer.raw) && equalBytes(sid.serial, serial)
    const own = extensions.get(OID.subjectKeyIdentifier)
    if (own === undefined) return false
    return equalBytes(expectTag(readDer(own.value), TAG.octetString, 'KeyIdentifier').content, sid.keyIdentifier)
  })
}
