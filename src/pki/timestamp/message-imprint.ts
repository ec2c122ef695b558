import type { Bytes } from '../../std/bytes.ts'
import {
  type DigestAlgorithm,
  digestIdentifiers,
  knownDigest,
  readAlgorithmIdentifier,
} from '../algorithm-identifier.ts'
import { type Der, fieldsOf } from '../der-reader.ts'
import { octetString, sequence, TAG } from '../der-writer.ts'

/** MessageImprint (RFC 3161 2.4.1): the digest of what is time-stamped. */
export type MessageImprint = {
  /** The encoding as it stood. */
  readonly raw: Bytes
  /** Nothing for an algorithm that is unknown here or weaker than SHA-256. */
  readonly digest?: DigestAlgorithm
  readonly hash: Bytes
}

export function messageImprint(digest: DigestAlgorithm, hash: Bytes): Buffer {
  return sequence(digestIdentifiers[digest], octetString(hash))
}

/** Throws `pki.der`. */
export function readMessageImprint(node: Der): MessageImprint {
  const fields = fieldsOf(node, 'MessageImprint')
  const digest = knownDigest(readAlgorithmIdentifier(fields.take(TAG.sequence)))
  const hash = fields.take(TAG.octetString).content
  fields.end()
  return { raw: node.raw, ...(digest && { digest }), hash }
}
