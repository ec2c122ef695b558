import { generateKeyPairSync, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto'
import type { Bytes } from '../../std/bytes.ts'
import {
  assembleCertificate,
  authorityInfoAccess,
  authorityKeyIdentifier,
  basicConstraints,
  buildName,
  buildTbsCertificate,
  type CertificateTemplate,
  certificatePolicies,
  crlDistributionPoints,
  type Extension,
  extendedKeyUsage,
  keyIdentifier,
  keyUsage,
  type LintProfile,
  lint,
  NULL,
  OID,
  prepareCmsSigner,
  type SignatureAlgorithm,
  signBytes,
  subjectKeyIdentifier,
} from '../index.ts'

/** A key with the certificate that was issued to it. */
export type Holder = {
  readonly certificate: Bytes
  readonly key: KeyObject
  readonly spki: Bytes
  readonly subject: Bytes
  readonly algorithm: SignatureAlgorithm
}

export type KeyKind = 'P-256' | 'P-384' | 'P-521' | 'Ed25519' | 'RSA-2048' | 'RSA-3072' | 'RSA-PSS'

const algorithms: Readonly<Record<KeyKind, SignatureAlgorithm>> = {
  'P-256': 'ecdsa-sha256',
  'P-384': 'ecdsa-sha384',
  'P-521': 'ecdsa-sha512',
  Ed25519: 'ed25519',
  'RSA-2048': 'rsa-sha256',
  'RSA-3072': 'rsa-sha256',
  'RSA-PSS': 'rsa-pss-sha256',
}

const VALID_FROM = new Date('2026-01-01T00:00:00Z')
const VALID_UNTIL = new Date('2028-01-01T00:00:00Z')
/** A moment at which the certificates of the tests are valid. */
export const NOW = new Date('2026-11-20T12:00:00Z')

function newPair(kind: KeyKind): KeyPairKeyObjectResult {
  switch (kind) {
    case 'Ed25519':
      return generateKeyPairSync('ed25519')
    case 'RSA-2048':
      return generateKeyPairSync('rsa', { modulusLength: 2048 })
    case 'RSA-3072':
      return generateKeyPairSync('rsa', { modulusLength: 3072 })
    case 'RSA-PSS':
      return generateKeyPairSync('rsa-pss', {
        modulusLength: 2048,
        hashAlgorithm: 'sha256',
        mgf1HashAlgorithm: 'sha256',
      })
    default:
      return generateKeyPairSync('ec', { namedCurve: kind })
  }
}

function newKey(kind: KeyKind): { key: KeyObject; spki: Bytes } {
  const { privateKey, publicKey } = newPair(kind)
  return { key: privateKey, spki: publicKey.export({ type: 'spki', format: 'der' }) }
}

let serial = 0x1000

export type IssueInput = {
  readonly kind?: KeyKind
  /** What the key signs with, when it is not the usual for its kind. */
  readonly algorithm?: SignatureAlgorithm
  /** The issuer; the certificate is self-signed without one. */
  readonly issuer?: Holder
  readonly subject: Bytes
  readonly extensions: readonly Extension[]
  readonly notBefore?: Date
  readonly notAfter?: Date
  readonly profile: LintProfile
  /** A last change of the template, to make a certificate that is wrong. */
  readonly spoil?: (template: CertificateTemplate) => CertificateTemplate
}

/** Issues a certificate. With `spoil` it is issued without lint. */
export function issue(input: IssueInput): Holder {
  const kind = input.kind ?? 'P-256'
  const { key, spki } = newKey(kind)
  const algorithm = input.algorithm ?? algorithms[kind]
  const issuer = input.issuer ?? { key, spki, subject: input.subject, algorithm }
  const template: CertificateTemplate = {
    serial: Buffer.from(String(++serial).padStart(16, '5'), 'hex'),
    algorithm: issuer.algorithm,
    issuer: issuer.subject,
    notBefore: input.notBefore ?? VALID_FROM,
    notAfter: input.notAfter ?? VALID_UNTIL,
    subject: input.subject,
    spki,
    extensions: [
      ...input.extensions,
      subjectKeyIdentifier(keyIdentifier(spki)),
      authorityKeyIdentifier(keyIdentifier(issuer.spki)),
    ],
  }
  const tbs = buildTbsCertificate(input.spoil ? input.spoil(template) : template)
  const linted = input.spoil ? (tbs as ReturnType<typeof lint>) : lint(tbs, input.profile)
  const certificate = assembleCertificate(linted, signBytes(issuer.algorithm, issuer.key, tbs), issuer.spki)
  return { certificate, key, spki, subject: input.subject, algorithm }
}

export function authorityName(commonName: string): Bytes {
  return buildName([
    { type: OID.commonName, value: commonName },
    { type: OID.organizationName, value: 'Test Trust' },
    { type: OID.countryName, value: 'EE' },
  ])
}

export function personName(commonName: string): Bytes {
  const [givenName = '', ...rest] = commonName.split(' ')
  return buildName([
    { type: OID.commonName, value: commonName },
    { type: OID.givenName, value: givenName },
    { type: OID.surname, value: rest.join(' ') },
    { type: OID.countryName, value: 'PE' },
  ])
}

export const personExtensions: readonly Extension[] = [
  basicConstraints({ ca: false }),
  keyUsage('nonRepudiation'),
  certificatePolicies([{ policy: '1.3.6.1.4.1.99999.1.1', cps: 'https://ca.example/cps' }]),
  authorityInfoAccess({ ocsp: ['http://ca.example/ocsp'], caIssuers: ['http://ca.example/ca.crt'] }),
  crlDistributionPoints(['http://ca.example/ca.crl']),
]

export function authorityExtensions(pathLength?: number): Extension[] {
  const constraints = pathLength === undefined ? { ca: true } : { ca: true, pathLength }
  return [basicConstraints(constraints), keyUsage('keyCertSign', 'cRLSign')]
}

/** What makes a certificate one for time-stamps alone (RFC 3161 2.3). */
export const timestampUnitExtensions: readonly Extension[] = [
  basicConstraints({ ca: false }),
  keyUsage('digitalSignature'),
  extendedKeyUsage([OID.timeStamping], true),
]

/** What makes a certificate one of a delegated OCSP responder (RFC 6960 4.2.2.2). */
export const ocspSignerExtensions: readonly Extension[] = [
  basicConstraints({ ca: false }),
  keyUsage('digitalSignature'),
  extendedKeyUsage([OID.ocspSigning]),
  { id: OID.ocspNoCheck, critical: false, value: NULL },
]

export type Authority = {
  readonly root: Holder
  readonly issuing: Holder
  /** Issues to a person. */
  person(name: string, kind?: KeyKind, more?: Partial<IssueInput>): Holder
  /** Issues to a key that gives time-stamps. */
  timestampUnit(kind?: KeyKind, more?: Partial<IssueInput>): Holder
  /** Issues to a key that signs OCSP responses for the issuing authority. */
  ocspSigner(kind?: KeyKind, more?: Partial<IssueInput>): Holder
}

/** A service of the authority; no lint profile is for one, so it is issued without. */
function service(issuer: Holder, commonName: string, extensions: readonly Extension[]) {
  return (kind: KeyKind = 'P-256', more: Partial<IssueInput> = {}) =>
    issue({
      kind,
      issuer,
      subject: authorityName(commonName),
      extensions,
      profile: 'authority',
      spoil: (template) => template,
      ...more,
    })
}

/** A root and an issuing authority, made anew. */
export function newAuthority(): Authority {
  const root = issue({
    kind: 'P-384',
    subject: authorityName('Test Root'),
    extensions: authorityExtensions(1),
    profile: 'authority',
  })
  const issuing = issue({
    issuer: root,
    subject: authorityName('Test Issuing'),
    extensions: authorityExtensions(0),
    profile: 'authority',
  })
  return {
    root,
    issuing,
    person: (name, kind = 'P-256', more = {}) =>
      issue({
        kind,
        issuer: issuing,
        subject: personName(name),
        extensions: personExtensions,
        profile: 'person',
        ...more,
      }),
    timestampUnit: service(issuing, 'Test Time', timestampUnitExtensions),
    ocspSigner: service(issuing, 'Test Status', ocspSignerExtensions),
  }
}

/** A holder as one who signs documents. */
export function signerOf({ certificate, key, algorithm }: Holder, authority: Authority) {
  const identity = prepareCmsSigner({
    certificate,
    chain: [authority.issuing.certificate, authority.root.certificate],
    algorithm,
  })
  return { identity, sign: (data: Bytes) => signBytes(algorithm, key, data) }
}
