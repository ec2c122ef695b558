import {
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  buildName,
  buildTbsCertificate,
  certificatePolicies,
  crlDistributionPoints,
  keyIdentifier,
  keyUsage,
  type LintedTbs,
  lint,
  OID,
  PkiError,
  type SignatureAlgorithm,
  subjectKeyIdentifier,
} from '../../pki/index.ts'
import { DAY_MS, later } from '../../std/time.ts'
import { fail } from '../errors.ts'
import { fullName, type Identity } from '../people/person.ts'

/*
 * What each kind of certificate looks like. Nothing else decides what a certificate says: no request can add to it.
 */

/**
 * Our own policy: an advanced signature (eIDAS art. 26) by a person whose identity a proofing established. The arc
 * 2.25 takes a UUID, so it needs no registration; a qualified policy of ETSI cannot be expressed here.
 */
export const PERSON_POLICY = '2.25.106738362415907562823903614702349721843.1.1'

export const PERSON_LIFETIME_MS = 365 * DAY_MS
const ROOT_LIFETIME_MS = 20 * 365 * DAY_MS
const ISSUING_LIFETIME_MS = 10 * 365 * DAY_MS
/** Clocks of those who validate run behind by a little. */
const BACKDATE_MS = 60_000

/** RFC 5280 §4.1.2.2 allows 20. */
const SERIAL_BYTES = 16

/** Both authorities have keys on P-384. */
export const AUTHORITY_ALGORITHM = 'ecdsa-sha384' satisfies SignatureAlgorithm

/** What an authority brings into the certificates under it. */
export type Issuer = {
  readonly algorithm: SignatureAlgorithm
  /** Its subject name, encoded. */
  readonly name: Uint8Array
  readonly spki: Uint8Array
  /** Where its own certificate is published. */
  readonly certificateUrl: string
  /** Where the list of what it revoked is published. */
  readonly revocationListUrl: string
}

/** Bytes for the authority's key to sign, with what is stored beside them. */
export type Drafted = {
  readonly tbs: LintedTbs
  readonly serial: Buffer
  readonly notBefore: Date
  readonly notAfter: Date
}

type Draft = { readonly serial: Buffer; readonly spki: Uint8Array; readonly now: Date }

/**
 * A person's certificate, long-lived: subject by EN 319 412-2 §4.2.4, key usage nonRepudiation alone (type A of
 * §4.3.2), serialNumber a semantic identifier of EN 319 412-1 §5.1.3 from the national number that was proven.
 *
 * @throws DomainError certificate.lint_failed
 */
export function draftPersonCertificate(issuer: Issuer, identity: Identity, draft: Draft): Drafted {
  const { notBefore, notAfter } = validity(draft.now, PERSON_LIFETIME_MS)
  const tbs = buildTbsCertificate({
    serial: draft.serial,
    algorithm: issuer.algorithm,
    issuer: issuer.name,
    notBefore,
    notAfter,
    subject: buildName([
      { type: OID.countryName, value: identity.country },
      { type: OID.commonName, value: commonName(identity) },
      { type: OID.surname, value: identity.surname },
      { type: OID.givenName, value: identity.givenName },
      { type: OID.serialNumber, value: `PNO${identity.country}-${identity.nationalId}` },
    ]),
    spki: draft.spki,
    extensions: [
      authorityKeyIdentifier(keyIdentifier(issuer.spki)),
      subjectKeyIdentifier(keyIdentifier(draft.spki)),
      keyUsage('nonRepudiation'),
      certificatePolicies([{ policy: PERSON_POLICY }]),
      authorityInfoAccess({ ocsp: [], caIssuers: [issuer.certificateUrl] }),
      crlDistributionPoints([issuer.revocationListUrl]),
    ],
  })
  return { tbs: linted(tbs, 'person'), serial: draft.serial, notBefore, notAfter }
}

/** The root: self-signed, one level of authorities below it. */
export function draftRootCertificate(organisation: string, draft: Draft): Drafted {
  const name = authorityName(organisation, 'Root')
  const { notBefore, notAfter } = validity(draft.now, ROOT_LIFETIME_MS)
  const tbs = buildTbsCertificate({
    serial: draft.serial,
    algorithm: AUTHORITY_ALGORITHM,
    issuer: name,
    notBefore,
    notAfter,
    subject: name,
    spki: draft.spki,
    extensions: [
      subjectKeyIdentifier(keyIdentifier(draft.spki)),
      basicConstraints({ ca: true, pathLength: 1 }),
      keyUsage('keyCertSign', 'cRLSign'),
    ],
  })
  return { tbs: linted(tbs, 'authority'), serial: draft.serial, notBefore, notAfter }
}

/** The issuing authority: signs people's certificates and no other authority's. */
export function draftIssuingCertificate(organisation: string, root: Issuer, draft: Draft): Drafted {
  const { notBefore, notAfter } = validity(draft.now, ISSUING_LIFETIME_MS)
  const tbs = buildTbsCertificate({
    serial: draft.serial,
    algorithm: root.algorithm,
    issuer: root.name,
    notBefore,
    notAfter,
    subject: authorityName(organisation, 'Issuing'),
    spki: draft.spki,
    extensions: [
      authorityKeyIdentifier(keyIdentifier(root.spki)),
      subjectKeyIdentifier(keyIdentifier(draft.spki)),
      basicConstraints({ ca: true, pathLength: 0 }),
      keyUsage('keyCertSign', 'cRLSign'),
      certificatePolicies([{ policy: OID.anyPolicy }]),
      authorityInfoAccess({ ocsp: [], caIssuers: [root.certificateUrl] }),
    ],
  })
  return { tbs: linted(tbs, 'authority'), serial: draft.serial, notBefore, notAfter }
}

/** A serial number from chance: positive, so the first bit is clear, and never starting with zeros. */
export function newSerial(random: (bytes: number) => Buffer): Buffer {
  const serial = random(SERIAL_BYTES)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  return serial
}

function authorityName(organisation: string, role: 'Root' | 'Issuing'): Buffer {
  return buildName([
    { type: OID.countryName, value: 'GT' },
    { type: OID.organizationName, value: organisation },
    { type: OID.commonName, value: `${organisation} ${role} Authority` },
  ])
}

/** A common name has 64 characters at most (RFC 5280 A.1); the whole name stands in givenName and surname. */
function commonName(identity: Identity): string {
  const whole = fullName(identity)
  return [...whole].length <= 64 ? whole : [...identity.surname].slice(0, 64).join('').trim()
}

function validity(now: Date, lifetimeMs: number): { readonly notBefore: Date; readonly notAfter: Date } {
  // A certificate knows whole seconds only.
  const notBefore = new Date(Math.floor((now.getTime() - BACKDATE_MS) / 1000) * 1000)
  return { notBefore, notAfter: later(notBefore, lifetimeMs) }
}

function linted(tbs: Uint8Array, profile: 'person' | 'authority'): LintedTbs {
  try {
    return lint(tbs, profile)
  } catch (error) {
    if (error instanceof PkiError) fail('certificate.lint_failed', { findings: error.details['findings'] ?? [] }, error)
    throw error
  }
}
