import { type Field, formFields, type PdfDocument, readRef } from '../../pdf/index.ts'
import { signedFields } from '../permissions.ts'
import type { Finding } from '../validation/problem.ts'

/**
 * What is odd about the certification of a document, seen from one of its signatures; `signed` is the document as
 * that one left it. A certification must be the first signature (ISO 32000-2 12.8.2.2), and usage rights
 * (12.8.2.3) promise what only one vendor's viewers keep.
 */
export function certificationFindings(signed: PdfDocument, field: Field): Finding[] {
  const findings: Finding[] = []
  const permissions = signed.dict(signed.catalog.get('Perms'))
  const certifying = readRef(permissions?.get('DocMDP') ?? EMPTY)?.number
  const others = signedFields(formFields(signed)).filter(({ ref }) => ref.number !== field.ref.number)
  if (certifying !== undefined && certifying === readRef(field.value ?? EMPTY)?.number && others.length > 0)
    findings.push({ code: 'certification.not_first', message: 'The certification is not the first signature.' })
  if (permissions?.has('UR3') || permissions?.has('UR'))
    findings.push({ code: 'certification.usage_rights', message: 'The document has a signature for usage rights.' })
  return findings
}

const EMPTY = new Uint8Array()
