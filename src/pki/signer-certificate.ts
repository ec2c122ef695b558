import type { Certificate } from './certificate.ts'
import { isSignerCertificate } from './signed-attributes.ts'
import type { SignerInfo } from './signer-info.ts'

/** The certificate that a SignerInfo names (RFC 5652 5.3), when it is among these. */
export function signerCertificate(
  signer: Pick<SignerInfo, 'sid'>,
  certificates: readonly Certificate[],
): Certificate | undefined {
  return certificates.find((candidate) => isSignerCertificate(signer, candidate))
}
