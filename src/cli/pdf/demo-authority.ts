import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import {
  assembleCertificate,
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  buildName,
  buildTbsCertificate,
  certificatePolicies,
  type Extension,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  type LintProfile,
  lint,
  OID,
  signBytes,
  subjectKeyIdentifier,
} from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { DAY_MS, later } from '../../std/time.ts'

/** A key of the demo with its certificate, encoded. */
export type DemoHolder = {
  readonly certificate: Bytes
  readonly key: KeyObject
  readonly name: Bytes
  readonly spki: Bytes
}

/** Root, signer and time-stamp unit. The root answers for the status of both by itself. */
export type DemoAuthority = Readonly<Record<'root' | 'signer' | 'unit', DemoHolder>>

/** Nobody can ever be reached there (RFC 2606 2): what stands at these addresses is answered inside the process. */
export const DEMO_ORIGIN = 'http://demo-authority.invalid'
/** Of signatures and time-stamps that nobody vouches for: never the one that people's certificates have. */
export const DEMO_POLICY = '2.25.106738362415907562823903614702349721843.9.1'

export const ROOT_ALGORITHM = 'ecdsa-sha384'
export const UNIT_ALGORITHM = 'ecdsa-sha256'

const SIGNER_LIFETIME_MS = 365 * DAY_MS
const ROOT_LIFETIME_MS = 10 * 365 * DAY_MS
/** Clocks of those who validate run behind by a little. */
const BACKDATE_MS = 60_000
const SERIAL_BYTES = 16

type Chance = { readonly now: Date; readonly random: (bytes: number) => Buffer }

/**
 * Makes an authority for this run alone: its keys are nowhere but in this process and end with it. Every name in it
 * says that it is a demo.
 */
export function makeDemoAuthority(chance: Chance): DemoAuthority {
  const status = authorityInfoAccess({ ocsp: [`${DEMO_ORIGIN}/ocsp`], caIssuers: [] })
  const certified = (root: DemoHolder | undefined, wanted: Wanted) => issue(root, wanted, chance)
  const root = certified(undefined, {
    name: authorityName('Chancery demo authority (not qualified)'),
    curve: 'P-384',
    profile: 'authority',
    lifetimeMs: ROOT_LIFETIME_MS,
    extensions: [basicConstraints({ ca: true, pathLength: 0 }), keyUsage('keyCertSign', 'cRLSign', 'digitalSignature')],
  })
  const signer = certified(root, {
    name: SIGNER_NAME,
    curve: 'P-256',
    profile: 'person',
    lifetimeMs: SIGNER_LIFETIME_MS,
    extensions: [keyUsage('nonRepudiation'), certificatePolicies([{ policy: DEMO_POLICY }]), status],
  })
  const unit = certified(root, {
    name: authorityName('Chancery demo time-stamps (not qualified)'),
    curve: 'P-256',
    profile: 'service',
    lifetimeMs: ROOT_LIFETIME_MS,
    extensions: [keyUsage('digitalSignature'), extendedKeyUsage([OID.timeStamping], true), status],
  })
  return { root, signer, unit }
}

/** No country is behind a demo: ISO 3166-1 leaves XX to whoever wants it. */
const NO_COUNTRY = { type: OID.countryName, value: 'XX' }

/** A pseudonym, as EN 319 412-2 wants it for who is not a named person. */
const SIGNER_NAME = buildName([
  NO_COUNTRY,
  { type: OID.commonName, value: 'Chancery demo signer' },
  { type: OID.pseudonym, value: 'Chancery demo signer' },
])

function authorityName(commonName: string): Bytes {
  return buildName([NO_COUNTRY, { type: OID.commonName, value: commonName }])
}

type Wanted = {
  readonly name: Bytes
  readonly curve: 'P-256' | 'P-384'
  readonly profile: LintProfile
  readonly lifetimeMs: number
  readonly extensions: readonly Extension[]
}

/** Issues under the root; without one, the root itself. */
function issue(root: DemoHolder | undefined, wanted: Wanted, { now, random }: Chance): DemoHolder {
  const { name, curve, profile, lifetimeMs, extensions } = wanted
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: curve })
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const issuer = root ?? { key, name, spki }
  // A certificate knows whole seconds only.
  const notBefore = new Date(Math.floor((now.getTime() - BACKDATE_MS) / 1000) * 1000)
  const tbs = buildTbsCertificate({
    serial: positive(random(SERIAL_BYTES)),
    algorithm: ROOT_ALGORITHM,
    issuer: issuer.name,
    notBefore,
    notAfter: later(notBefore, lifetimeMs),
    subject: name,
    spki,
    extensions: [
      authorityKeyIdentifier(keyIdentifier(issuer.spki)),
      subjectKeyIdentifier(keyIdentifier(spki)),
      ...extensions,
    ],
  })
  const linted = lint(tbs, profile)
  const signature = signBytes(ROOT_ALGORITHM, issuer.key, linted)
  return { certificate: assembleCertificate(linted, signature, issuer.spki), key, name, spki }
}

function positive(serial: Buffer): Buffer {
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  return serial
}
