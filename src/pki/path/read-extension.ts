import type { Bytes } from '../../std/bytes.ts'
import type { TbsCertificate } from '../certificate.ts'
import { OID } from '../oids.ts'
import { PkiError } from '../pki-error.ts'

const CLAUSES: Readonly<Record<string, string>> = {
  [OID.authorityKeyIdentifier]: 'RFC 5280 4.2.1.1',
  [OID.subjectKeyIdentifier]: 'RFC 5280 4.2.1.2',
  [OID.keyUsage]: 'RFC 5280 4.2.1.3',
  [OID.certificatePolicies]: 'RFC 5280 4.2.1.4',
  [OID.policyMappings]: 'RFC 5280 4.2.1.5',
  [OID.subjectAltName]: 'RFC 5280 4.2.1.6',
  [OID.basicConstraints]: 'RFC 5280 4.2.1.9',
  [OID.nameConstraints]: 'RFC 5280 4.2.1.10',
  [OID.policyConstraints]: 'RFC 5280 4.2.1.11',
  [OID.extKeyUsage]: 'RFC 5280 4.2.1.12',
  [OID.inhibitAnyPolicy]: 'RFC 5280 4.2.1.14',
}

/** An extension as its reader gives it; nothing when it is absent. Throws what the reader throws, with a clause. */
export function extensionOf<T>({ extensions }: TbsCertificate, id: string, read: (value: Bytes) => T): T | undefined {
  const found = extensions.get(id)
  if (found === undefined) return undefined
  try {
    return read(found.value)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    const clause = CLAUSES[id] ?? 'RFC 5280 4.2'
    throw new PkiError(error.code, error.message, { clause, ...error.details }, { cause: error })
  }
}
