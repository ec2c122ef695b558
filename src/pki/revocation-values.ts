import type { Bytes } from '../std/bytes.ts'
import { children, type Der, expectTag, fieldsOf, readDer } from './der-reader.ts'
import { context, octetString, oid, sequence, TAG, tlv } from './der-writer.ts'
import { oidText } from './object-identifier.ts'
import { OID } from './oids.ts'
import { refuse } from './pki-error.ts'

/** What a signer put into a container so that nobody has to ask about its certificates. */
export type RevocationValues = {
  /** Encoded CertificateLists. */
  readonly lists: readonly Bytes[]
  /** Encoded OCSPResponses. */
  readonly responses: readonly Bytes[]
}

export const NO_REVOCATION_VALUES: RevocationValues = { lists: [], responses: [] }

const MAX_VALUES = 1000
const OTHER_TAG = 0xa1
const LISTS_TAG = 0xa0
const RESPONSES_TAG = 0xa1
const OTHERS_TAG = 0xa2
const SUCCESSFUL = tlv(TAG.enumerated, Buffer.of(0))

/**
 * The RevocationInfoChoices of SignedData (RFC 5652 10.2.1, RFC 5940 2): lists, and OCSP responses, whole or in their
 * basic form. Other kinds are left out. Throws `pki.der` or `pki.cms`.
 */
export function readRevocationChoices(node: Der): RevocationValues {
  const choices = bounded(children(node))
  return {
    lists: choices.flatMap((choice) => (choice.tag === TAG.sequence ? [choice.raw] : [])),
    responses: choices.flatMap((choice) => (choice.tag === OTHER_TAG ? readOther(choice) : [])),
  }
}

function readOther(choice: Der): Bytes[] {
  const [format, value, ...more] = children(choice)
  if (format === undefined || value === undefined || more.length > 0)
    refuse('pki.cms', 'OtherRevocationInfoFormat has another form', { clause: 'RFC 5652 10.2.1' })
  const kind = oidText(format)
  if (kind === OID.riOcspResponse) return [value.raw]
  return kind === OID.ocspBasic ? [wholeResponse(value.raw)] : []
}

/** RFC 6960 4.2.1: a basic response in the frame that it has on the wire. */
function wholeResponse(basic: Bytes): Bytes {
  return sequence(SUCCESSFUL, context(0, sequence(oid(OID.ocspBasic), octetString(basic))))
}

/**
 * The signed attribute adbe-revocationInfoArchival (ISO 32000-2 12.8.3.3.2): lists and OCSP responses of the signer's
 * chain. Throws `pki.der` or `pki.cms`.
 */
export function readRevocationInfoArchival(value: Bytes): RevocationValues {
  const fields = fieldsOf(readDer(value), 'RevocationInfoArchival')
  const lists = fields.maybe(LISTS_TAG)
  const responses = fields.maybe(RESPONSES_TAG)
  fields.maybe(OTHERS_TAG)
  fields.end()
  return { lists: valuesInside(lists), responses: valuesInside(responses) }
}

function valuesInside(wrapper: Der | undefined): Bytes[] {
  if (wrapper === undefined) return []
  const list = expectTag(readDer(wrapper.content), TAG.sequence, 'RevocationInfoArchival')
  return bounded(children(list)).map(({ raw }) => raw)
}

function bounded(nodes: readonly Der[]): readonly Der[] {
  return nodes.length <= MAX_VALUES ? nodes : refuse('pki.cms', 'there are too many revocation values')
}
