import { asBuffer, type Bytes, equalBytes } from '../../std/bytes.ts'
import type { Certificate } from '../certificate.ts'
import { readAuthorityKeyIdentifier, readSubjectKeyIdentifier } from '../extensions/key-identifiers.ts'
import { nameKey } from '../name-match.ts'
import { OID } from '../oids.ts'
import { anchorCertificate, type PathInput, type TrustAnchor } from './path-input.ts'
import { guarded } from './path-result.ts'
import { extensionOf } from './read-extension.ts'

/** A certificate whose subject is the issuer that is looked for. */
export type Candidate = { readonly certificate: Certificate; readonly isAnchor: boolean }

/** More authorities of one name than this are a way to keep a validator busy. */
const MAX_NAMESAKES = 100

/**
 * Those who may have issued `child` by their names, the likeliest first: anchors, as the shortest way up is the one
 * that is wanted; then by the key identifier, by validity at the moment, and by age. No certificate comes twice.
 */
export function issuerCandidates(child: Certificate, { anchors, intermediates, time }: PathInput): Candidate[] {
  // An authority has a name (RFC 5280 4.1.2.4).
  if (child.issuer.relativeNames.length === 0) return []
  const key = nameKey(child.issuer)
  const trusted = named(anchors, key)
  const isTrusted = ({ der }: Certificate) => trusted.some((anchor) => equalBytes(anchor.der, der))
  const others = named(intermediates, key).filter((certificate) => !isTrusted(certificate))
  return [
    ...trusted.map((certificate) => ({ certificate, isAnchor: true })),
    ...sorted(others, child, time).map((certificate) => ({ certificate, isAnchor: false })),
  ]
}

/** The anchor that is this very certificate. */
export function anchorFor(certificate: Certificate, { anchors }: PathInput): TrustAnchor | undefined {
  const namesakes = indexed(anchors).get(nameKey(certificate.subject)) ?? []
  return namesakes.find((anchor) => equalBytes(anchorCertificate(anchor).der, certificate.der))
}

/** An order has no verdicts: an identifier that cannot be read is none here. */
function identifierOf(
  certificate: Certificate,
  id: string,
  read: (value: Bytes) => Bytes | undefined,
): Bytes | undefined {
  const found = guarded(certificate, () => extensionOf(certificate, id, read))
  return found instanceof Uint8Array ? found : undefined
}

function named(list: readonly TrustAnchor[], key: string): readonly Certificate[] {
  return (indexed(list).get(key) ?? []).slice(0, MAX_NAMESAKES).map(anchorCertificate)
}

type NameIndex = { readonly size: number; readonly byName: ReadonlyMap<string, readonly TrustAnchor[]> }

/** Trust lists are long and the same for every signature: their index is made once. */
const indexes = new WeakMap<readonly TrustAnchor[], NameIndex>()

function indexed(list: readonly TrustAnchor[]): NameIndex['byName'] {
  const known = indexes.get(list)
  if (known?.size === list.length) return known.byName
  const unique = new Map(list.map((anchor) => [asBuffer(anchorCertificate(anchor).der).toString('latin1'), anchor]))
  const byName = Map.groupBy(unique.values(), (anchor) => nameKey(anchorCertificate(anchor).subject))
  indexes.set(list, { size: list.length, byName })
  return byName
}

function sorted(issuers: readonly Certificate[], child: Certificate, time: Date): readonly Certificate[] {
  if (issuers.length < 2) return issuers
  const wanted = identifierOf(child, OID.authorityKeyIdentifier, readAuthorityKeyIdentifier)
  const rank = (issuer: Certificate) => {
    const had = identifierOf(issuer, OID.subjectKeyIdentifier, readSubjectKeyIdentifier)
    const isNamed = wanted !== undefined && had !== undefined && equalBytes(wanted, had)
    const isValid = issuer.notBefore <= time && time <= issuer.notAfter
    return (isNamed ? 2 : 0) + (isValid ? 1 : 0)
  }
  const ranked = issuers.map((issuer) => ({ issuer, rank: rank(issuer) }))
  ranked.sort((a, b) => b.rank - a.rank || b.issuer.notBefore.getTime() - a.issuer.notBefore.getTime())
  return ranked.map(({ issuer }) => issuer)
}
