import type { SignatureAlgorithm } from '../pki/index.ts'
import type { Bytes } from '../std/bytes.ts'

/** Offset and length of the two signed parts, as /ByteRange has them (ISO 32000-2 12.8.1). */
export type ByteRange = readonly [start: 0, length: number, secondStart: number, secondLength: number]

/**
 * A signature that lacks nothing but the key's answer. Plain data: it can be stored, so that a consent, a hardware
 * module or a remote signer may stand between the stages and the process may be restarted.
 */
export type Prepared = {
  /** The revision to be appended, with zeros where the container goes. */
  readonly tail: Bytes
  /** Where the hexadecimal digits of the container start in the tail, and how many bytes they have room for. */
  readonly hole: { readonly start: number; readonly bytes: number }
  readonly byteRange: ByteRange
  /** Digest of the document with the tail around the hole. */
  readonly digest: Bytes
  readonly algorithm: SignatureAlgorithm
  /** The certificate that the signature is prepared for. */
  readonly certificate: Bytes
  /** What the signer's key has to sign: the signed attributes, which hold the digest. */
  readonly toBeSigned: Bytes
}

/** A signature whose key has answered rightly. Plain data too. */
export type Signed = Pick<Prepared, 'tail' | 'hole' | 'algorithm' | 'certificate' | 'toBeSigned'> & {
  /** The key's answer. */
  readonly signature: Bytes
  /** The CMS container. */
  readonly container: Bytes
}
