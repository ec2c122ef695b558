import type { Bytes } from '../../std/bytes.ts'
import type { Certificate } from '../certificate.ts'
import { rememberedCertificate } from '../certificate-memory.ts'
import { OID } from '../oids.ts'
import { readable } from '../readable.ts'
import { readSignedData, type SignedData } from '../signed-data.ts'
import type { SignerInfo } from '../signer-info.ts'
import { refuseTimestamp } from './timestamp-fault.ts'
import { readTstInfo, type TstInfo } from './tst-info.ts'

/** A time-stamp token (RFC 3161 2.4.2), read without judging it. */
export type TimestampToken = {
  /** The token as it stood, without what follows it. */
  readonly der: Bytes
  readonly info: TstInfo
  /** The encoding of `info`, which the signature covers. */
  readonly content: Bytes
  readonly signedData: SignedData
  readonly signer: SignerInfo
  /** The certificates that can be read. */
  readonly certificates: readonly Certificate[]
}

/** Reads the token at the start of `bytes`. Throws `pki.der`, `pki.cms`, `pki.certificate` or `pki.timestamp`. */
export function readTimestampToken(bytes: Bytes): TimestampToken {
  const signedData = readSignedData(bytes)
  const { content, contentType } = signedData
  if (contentType !== OID.tstInfo) refuseTimestamp('content_type')
  if (content === undefined) return refuseTimestamp('content_missing')
  const [signer, ...more] = signedData.signerInfos
  if (signer === undefined || more.length > 0) return refuseTimestamp('signer_count')
  return {
    der: bytes.subarray(0, signedData.length),
    info: readTstInfo(content),
    content,
    signedData,
    signer,
    certificates: signedData.certificates.flatMap((der) => readable(() => rememberedCertificate(der)) ?? []),
  }
}
