import { asBuffer, type Bytes } from '../../std/bytes.ts'
import { children, expectTag, fieldsOf, readDer } from '../der-reader.ts'
import { contextPrimitive, ia5, oid, sequence, TAG } from '../der-writer.ts'
import type { Extension } from '../extension.ts'
import { oidText } from '../object-identifier.ts'
import { OID } from '../oids.ts'

const URI_TAG = 0x86

/** RFC 5280 4.2.2.1: where to ask about the certificate and where its issuer's is found. */
export type AuthorityInfoAccess = {
  readonly ocsp: readonly string[]
  readonly caIssuers: readonly string[]
}

export function authorityInfoAccess({ ocsp, caIssuers }: AuthorityInfoAccess): Extension {
  const entry = (method: string) => (uri: string) => sequence(oid(method), contextPrimitive(6, ia5(uri)))
  return {
    id: OID.authorityInfoAccess,
    critical: false,
    value: sequence(...ocsp.map(entry(OID.ocsp)), ...caIssuers.map(entry(OID.caIssuers))),
  }
}

/** The addresses that are URIs. Throws `pki.der`. */
export function readAuthorityInfoAccess(value: Bytes): AuthorityInfoAccess {
  const ocsp: string[] = []
  const caIssuers: string[] = []
  for (const node of children(expectTag(readDer(value), TAG.sequence, 'AuthorityInfoAccessSyntax'))) {
    const fields = fieldsOf(node, 'AccessDescription')
    const method = oidText(fields.take(TAG.oid))
    const uri = fields.maybe(URI_TAG)
    if (uri === undefined) continue
    if (method === OID.ocsp) ocsp.push(asBuffer(uri.content).toString('latin1'))
    if (method === OID.caIssuers) caIssuers.push(asBuffer(uri.content).toString('latin1'))
  }
  return { ocsp, caIssuers }
}
