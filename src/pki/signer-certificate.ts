import type { Certificate } from './certificate.ts'
import { isSignerCertificate, signingCertificateNames } from './signed-attributes.ts'
import type { SignerInfo } from './signer-info.ts'

/**
 * The certificate that a SignerInfo names (RFC 5652 5.3), when it is among these. Nothing protects the list: where
 * several bear that name, it is the one whose digest was signed (EN 319 102-1 5.2.3.4), and the first without such.
 */
export function signerCertificate(
  signer: Pick<SignerInfo, 'sid' | 'signed'>,
  certificates: readonly Certificate[],
): Certificate | undefined {
  const [first, ...more] = certificates.filter((candidate) => isSignerCertificate(signer, candidate))
  if (first === undefined || more.length === 0) return first
  const attributes = signer.signed?.attributes ?? []
  return [first, ...more].find((candidate) => signingCertificateNames(attributes, candidate) === 'this') ?? first
}
