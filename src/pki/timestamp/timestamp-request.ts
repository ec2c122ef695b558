import type { Bytes } from '../../std/bytes.ts'
import { type DigestAlgorithm, digestLengths } from '../algorithm-identifier.ts'
import { fieldsOf, readDer } from '../der-reader.ts'
import { booleanValue, integerBytes, smallInteger } from '../der-values.ts'
import { boolean, oid, sequence, TAG, unsigned } from '../der-writer.ts'
import { type Extension, readExtensions } from '../extension.ts'
import { oidText } from '../object-identifier.ts'
import { refuse } from '../pki-error.ts'
import { type MessageImprint, messageImprint, readMessageImprint } from './message-imprint.ts'

export type TimestampQuestion = {
  readonly imprint: { readonly digest: DigestAlgorithm; readonly hash: Bytes }
  /** Big-endian bytes of a number that was never sent before. */
  readonly nonce?: Bytes
  /** Dotted identifier of the policy that the authority shall follow. */
  readonly policy?: string
  /** Whether the token shall carry its signer's certificate; true when absent. */
  readonly certReq?: boolean
}

/** TimeStampReq (RFC 3161 2.4.1). Throws `pki.timestamp` when the hash is not as long as its digest. */
export function buildTimestampRequest({ imprint, nonce, policy, certReq = true }: TimestampQuestion): Bytes {
  if (imprint.hash.length !== digestLengths[imprint.digest])
    refuse('pki.timestamp', 'the hash is not as long as its digest', { clause: 'RFC 3161 2.4.1' })
  return sequence(
    unsigned(1),
    messageImprint(imprint.digest, imprint.hash),
    ...(policy === undefined ? [] : [oid(policy)]),
    ...(nonce ? [unsigned(nonce)] : []),
    ...(certReq ? [boolean(true)] : []),
  )
}

/** A request as an authority reads it. */
export type TimestampRequest = {
  readonly version: number
  readonly imprint: MessageImprint
  readonly policy?: string
  /** Content of the INTEGER. */
  readonly nonce?: Bytes
  readonly certReq: boolean
  readonly extensions: ReadonlyMap<string, Extension>
}

const EXTENSIONS_TAG = 0xa0

/** Reads a TimeStampReq without judging it. Throws `pki.der`, or `pki.certificate` for its extensions. */
export function readTimestampRequest(der: Bytes): TimestampRequest {
  const fields = fieldsOf(readDer(der), 'TimeStampReq')
  const version = smallInteger(fields.take(TAG.integer))
  const imprint = readMessageImprint(fields.take(TAG.sequence))
  const policy = fields.maybe(TAG.oid)
  const nonce = fields.maybe(TAG.integer)
  const certReq = fields.maybe(TAG.boolean)
  const extensions = fields.maybe(EXTENSIONS_TAG)
  fields.end()
  return {
    version,
    imprint,
    ...(policy && { policy: oidText(policy) }),
    ...(nonce && { nonce: integerBytes(nonce) }),
    certReq: certReq !== undefined && booleanValue(certReq),
    extensions: extensions ? readExtensions({ ...extensions, tag: TAG.sequence }) : new Map(),
  }
}
