import { type Bytes, equalBytes } from '../std/bytes.ts'
import { type Der, fieldsOf } from './der-reader.ts'
import { NULL, oid, sequence, TAG } from './der-writer.ts'
import { oidText } from './object-identifier.ts'
import { OID } from './oids.ts'

/** Any algorithm with its parameters, known here or not (RFC 5280 4.1.1.2). */
export type AlgorithmIdentifier = { readonly oid: string; readonly parameters?: Bytes; readonly raw: Bytes }

/** Reads an AlgorithmIdentifier. Throws `pki.der`. */
export function readAlgorithmIdentifier(node: Der): AlgorithmIdentifier {
  const fields = fieldsOf(node, 'AlgorithmIdentifier')
  const dotted = oidText(fields.take(TAG.oid))
  const parameters = fields.more ? fields.take().raw : undefined
  fields.end()
  return parameters ? { oid: dotted, parameters, raw: node.raw } : { oid: dotted, raw: node.raw }
}

export function absentOrNull({ parameters }: AlgorithmIdentifier): boolean {
  return parameters === undefined || equalBytes(parameters, NULL)
}

export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512'

/** The AlgorithmIdentifier of each digest; the parameters are absent (RFC 5754 2). */
export const digestIdentifiers: Readonly<Record<DigestAlgorithm, Bytes>> = {
  sha256: sequence(oid(OID.sha256)),
  sha384: sequence(oid(OID.sha384)),
  sha512: sequence(oid(OID.sha512)),
}

/** Bytes of a digest. */
export const digestLengths: Readonly<Record<DigestAlgorithm, number>> = { sha256: 32, sha384: 48, sha512: 64 }

const digestNames: ReadonlyMap<string, DigestAlgorithm> = new Map([
  [OID.sha256, 'sha256'],
  [OID.sha384, 'sha384'],
  [OID.sha512, 'sha512'],
])

/** The digest that an identifier names: absent or NULL parameters (RFC 5754 2), nothing below SHA-256. */
export function knownDigest(identifier: AlgorithmIdentifier): DigestAlgorithm | undefined {
  return absentOrNull(identifier) ? digestNames.get(identifier.oid) : undefined
}
