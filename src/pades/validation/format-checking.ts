import { OID } from '../../pki/index.ts'
import type { PlacedSignature } from '../signature-dictionary.ts'
import type { ReadContainer } from './container-format.ts'
import { type Finding, failed, type Problem } from './problem.ts'

const SUB_FILTERS = ['ETSI.CAdES.detached', 'adbe.pkcs7.detached']

/** What is wrong with a signature dictionary, and what keeps it from being PAdES baseline. */
export type DictionaryFacts = { readonly problems: readonly Problem[]; readonly findings: readonly Finding[] }

const unsupported = failed(
  'FORMAT_FAILURE',
  'signature.sub_filter',
  'This kind of signature is not supported, and so not valid.',
)

/** Format checking (EN 319 102-1 5.2.2) of the signature dictionary. */
export function checkDictionary(placed: PlacedSignature): DictionaryFacts {
  const { type, subFilter } = placed
  if (type === 'DocTimeStamp') return { problems: subFilter === 'ETSI.RFC3161' ? [] : [unsupported], findings: [] }
  const isSupported = (type === undefined || type === 'Sig') && SUB_FILTERS.includes(subFilter ?? '')
  return { problems: isSupported ? [] : [unsupported], findings: dictionaryFindings(placed) }
}

/** EN 319 142-1 table 1: what concerns the signature dictionary. */
function dictionaryFindings({ type, filter, subFilter, claimedAt, dict }: PlacedSignature): Finding[] {
  const findings: Finding[] = []
  const note = (holds: boolean, code: string, message: string) => {
    if (!holds) findings.push({ code, message })
  }
  note(subFilter === 'ETSI.CAdES.detached', 'pades.sub_filter', '/SubFilter is not ETSI.CAdES.detached.')
  note(type === 'Sig', 'pades.type', '/Type is missing.')
  note(filter !== undefined, 'pades.filter', '/Filter is missing.')
  note(claimedAt !== undefined, 'pades.claimed_time', '/M is missing or not a date.')
  note(!dict.has('Cert'), 'pades.cert', '/Cert must not be there.')
  return findings
}

/** EN 319 142-1 table 1 note: a reason is given in the dictionary or as a commitment, and not as both. */
export function commitmentFindings({ dict }: PlacedSignature, container: ReadContainer | undefined): Finding[] {
  const attributes = container?.signer.signed.attributes ?? []
  const isBoth = dict.has('Reason') && attributes.some(({ type }) => type === OID.commitmentTypeIndication)
  return isBoth ? [{ code: 'pades.commitment_type', message: '/Reason stands beside a commitment type.' }] : []
}
