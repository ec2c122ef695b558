import { sign as cryptoSign, generateKeyPairSync, type KeyObject } from 'node:crypto'
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
  keyIdentifier,
  keyUsage,
  type LintProfile,
  lint,
  OID,
  prepareCmsSigner,
  type SignatureAlgorithm,
  signatureAlgorithms,
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

export type KeyKind = 'P-256' | 'P-384' | 'P-521' | 'RSA-2048'

const algorithms: Readonly<Record<KeyKind, SignatureAlgorithm>> = {
  'P-256': 'ecdsa-sha256',
  'P-384': 'ecdsa-sha384',
  'P-521': 'ecdsa-sha512',
  'RSA-2048': 'rsa-sha256',
}

const VALID_FROM = new Date('2026-01-01T00:00:00Z')
const VALID_UNTIL = new Date('2028-01-01T00:00:00Z')
/** A moment at which the certificates of the tests are valid. */
export const NOW = new Date('2026-11-20T12:00:00Z')

function newKey(kind: KeyKind): { key: KeyObject; spki: Bytes } {
  const pair =
    kind === 'RSA-2048'
      ? generateKeyPairSync('rsa', { modulusLength: 2048 })
      : generateKeyPairSync('ec', { namedCurve: kind })
  return { key: pair.privateKey, spki: pair.publicKey.export({ type: 'spki', format: 'der' }) }
}

/** Signs with the hash of the algorithm. */
export function signWith(key: KeyObject, algorithm: SignatureAlgorithm, data: Bytes): Bytes {
  return cryptoSign(signatureAlgorithms[algorithm].digest, data, key)
}

let serial = 0x1000

export type IssueInput = {
  readonly kind?: KeyKind
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
  const issuer = input.issuer ?? { key, spki, subject: input.subject, algorithm: algorithms[kind] }
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
  const certificate = assembleCertificate(linted, signWith(issuer.key, issuer.algorithm, tbs), issuer.spki)
  return { certificate, key, spki, subject: input.subject, algorithm: algorithms[kind] }
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

export type Authority = {
  readonly root: Holder
  readonly issuing: Holder
  /** Issues to a person. */
  person(name: string, kind?: KeyKind, more?: Partial<IssueInput>): Holder
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
  }
}

/** A holder as one who signs documents. */
export function signerOf({ certificate, key, algorithm }: Holder, authority: Authority) {
  const identity = prepareCmsSigner({
    certificate,
    chain: [authority.issuing.certificate, authority.root.certificate],
    algorithm,
  })
  return { identity, sign: (data: Bytes) => signWith(key, algorithm, data) }
}
