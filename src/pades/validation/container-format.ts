import { contentTypeOf, OID, PkiError, readSignedData, type SignedData, type SignerInfo } from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { type Finding, failed, type Problem } from './problem.ts'

/** A container of the right form, with its only signer. */
export type ReadContainer = {
  readonly data: SignedData
  readonly signer: SignerInfo & { readonly signed: NonNullable<SignerInfo['signed']> }
}

/** Format checking (EN 319 102-1 5.2.2) of the CMS container: EN 319 142-1 table 1, ISO 32000-2 12.8.1. */
export function readContainer(contents: Bytes): ReadContainer | readonly Problem[] {
  let data: SignedData
  try {
    data = readSignedData(contents)
  } catch (error) {
    if (!(error instanceof PkiError)) throw error
    return [failed('FORMAT_FAILURE', 'cms.malformed', `The container cannot be read: ${error.message}.`)]
  }
  const problems = checkForm(data, contents)
  const [signer] = data.signerInfos
  if (problems.length > 0 || !signer) return problems
  const { signed } = signer
  if (signed) return { data, signer: { ...signer, signed } }
  return [failed('FORMAT_FAILURE', 'cms.no_signed_attributes', 'The signer has no signed attributes.')]
}

function checkForm(data: SignedData, contents: Bytes): Problem[] {
  const problems: Problem[] = []
  const must = (holds: boolean, code: string, message: string) => {
    if (!holds) problems.push(failed('FORMAT_FAILURE', code, message))
  }
  must(isPadding(contents.subarray(data.length)), 'cms.trailing_bytes', 'Bytes other than zero follow the container.')
  must(data.signerInfos.length === 1, 'cms.signer_count', 'The container must have exactly one signer.')
  must(data.content === undefined, 'cms.encapsulated_content', 'The container must not hold the content.')
  must(data.contentType === OID.data, 'cms.content_type', 'The content type must be id-data.')
  must(
    data.signerInfos.every((signer) => isFramed(data, signer)),
    'cms.frame',
    'The versions or digests do not agree.',
  )
  return problems
}

export function isPadding(bytes: Bytes): boolean {
  return bytes.every((byte) => byte === 0)
}

/** What the signature does not cover is fixed by rules all the same: RFC 5652 5.1 and 5.3. */
function isFramed(data: SignedData, signer: SignerInfo): boolean {
  const version = 'keyIdentifier' in signer.sid ? 3 : 1
  const isListed = data.digestAlgorithms.some(({ oid }) => oid === signer.digestAlgorithm.oid)
  return data.version === version && signer.version === version && isListed
}

export function checkContentType({ signer }: ReadContainer): Problem[] {
  if (contentTypeOf(signer.signed.attributes) === OID.data) return []
  return [failed('FORMAT_FAILURE', 'cms.content_type_attribute', 'The attribute content-type is missing or wrong.')]
}

/** What keeps a signature from being PAdES baseline, and not from being valid. */
export function containerFindings({ data, signer }: ReadContainer): Finding[] {
  const findings: Finding[] = []
  const note = (holds: boolean, code: string, message: string) => {
    if (!holds) findings.push({ code, message })
  }
  const has = (wanted: string) => signer.signed.attributes.some(({ type }) => type === wanted)
  note(!has(OID.signingTime), 'cms.signing_time', 'The attribute signing-time must not be in a PDF signature.')
  note(data.encoding === 'DER', 'cms.ber', 'The container is in BER, not in DER.')
  return findings
}
