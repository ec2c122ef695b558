import type { Bytes } from '../std/bytes.ts'
import {
  type AlgorithmIdentifier,
  type DigestAlgorithm,
  digestLengths,
  knownDigest,
  readAlgorithmIdentifier,
} from './algorithm-identifier.ts'
import { type Der, fieldsOf, readDer } from './der-reader.ts'
import { smallInteger } from './der-values.ts'
import { context, NULL, oid, sequence, TAG, unsigned } from './der-writer.ts'
import { OID } from './oids.ts'
import { refuse } from './pki-error.ts'

const CLAUSE = 'RFC 4055 3.1'
const HASH_TAG = 0xa0
const MASK_TAG = 0xa1
const SALT_TAG = 0xa2
const TRAILER_TAG = 0xa3

/**
 * RSASSA-PSS-params (RFC 4055 3.1) in the one form that is used here: MGF1 over the same digest, and a salt as long
 * as it. The digests carry NULL, as the RFC defines them; the trailer is left out, as it must be when signing.
 */
export function encodePssParams(digest: DigestAlgorithm): Buffer {
  const hash = sequence(oid(OID[digest]), NULL)
  return sequence(
    context(0, hash),
    context(1, sequence(oid(OID.mgf1), hash)),
    context(2, unsigned(digestLengths[digest])),
  )
}

/**
 * The digest of RSASSA-PSS-params. Throws `pki.der`, or `pki.algorithm` for every choice but that of
 * {@link encodePssParams}: absent fields mean SHA-1, and a free salt or mask only serves to hide a weaker one.
 */
export function readPssParams(parameters: Bytes): DigestAlgorithm {
  const fields = fieldsOf(readDer(parameters), 'RSASSA-PSS-params')
  const hash = inside(fields.maybe(HASH_TAG))
  const mask = inside(fields.maybe(MASK_TAG))
  const salt = inside(fields.maybe(SALT_TAG))
  const trailer = inside(fields.maybe(TRAILER_TAG))
  fields.end()
  const digest = hash && knownDigest(readAlgorithmIdentifier(hash))
  if (!digest) refuse('pki.algorithm', 'RSA-PSS with SHA-1 or an unknown digest', { clause: CLAUSE })
  if (!mask || maskDigest(readAlgorithmIdentifier(mask)) !== digest)
    refuse('pki.algorithm', 'RSA-PSS whose mask is not MGF1 over the same digest', { clause: CLAUSE })
  if (!salt || smallInteger(salt) !== digestLengths[digest])
    refuse('pki.algorithm', 'RSA-PSS whose salt is not as long as the digest', { clause: CLAUSE })
  // The default written out is not DER, but the RFC has every reader take it.
  if (trailer && smallInteger(trailer) !== 1)
    refuse('pki.algorithm', 'RSA-PSS with an unknown trailer', { clause: CLAUSE })
  return digest
}

function inside(wrapper: Der | undefined): Der | undefined {
  return wrapper && readDer(wrapper.content)
}

function maskDigest({ oid: dotted, parameters }: AlgorithmIdentifier): DigestAlgorithm | undefined {
  if (dotted !== OID.mgf1 || parameters === undefined) return undefined
  const node = readDer(parameters)
  return node.tag === TAG.sequence ? knownDigest(readAlgorithmIdentifier(node)) : undefined
}
