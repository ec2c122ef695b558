import { constants, createHash, type KeyObject, sign } from 'node:crypto'
import type { Bytes } from '../../std/bytes.ts'
import { context, sequence, TAG, tlv, unsigned } from '../der-writer.ts'
import { encodeExtension } from '../extension.ts'
import {
  authorityKeyIdentifier,
  basicConstraints,
  buildName,
  type Extension,
  keyIdentifier,
  keyUsage,
  OID,
  type SignatureAlgorithm,
  signatureAlgorithms,
  subjectKeyIdentifier,
} from '../index.ts'
import { time } from '../time.ts'
import { pooledKey } from './key-pool.ts'

/**
 * A certificate as data, for chains that may be wrong in any way. Everything has a default, so a row of a table says
 * only what is special about it.
 */
export type CertificateSpec = {
  /** Label of the issuer: the one before in the chain, or itself for the first. */
  readonly issuer?: string
  /** Name of a pooled key; the label when absent. */
  readonly key?: string
  /** Name of the pooled key that signs; that of the issuer when absent. */
  readonly signer?: string
  readonly subject?: Bytes
  readonly issuerName?: Bytes
  readonly version?: 1 | 2 | 3
  /** Content of the INTEGER. */
  readonly serial?: Bytes
  readonly notBefore?: string
  readonly notAfter?: string
  /** Encoded Validity instead of the two. */
  readonly validity?: Bytes
  readonly algorithm?: SignatureAlgorithm
  /** Digest to sign with when it is not that of the algorithm. */
  readonly digest?: string
  /** AlgorithmIdentifier to write instead, inside and outside, or outside alone. */
  readonly identifier?: Bytes
  readonly outerIdentifier?: Bytes
  readonly spki?: Bytes
  /** By a word of one's own, so that a patch can replace one; `undefined` removes it. */
  readonly extensions?: Readonly<Record<string, Extension | undefined>>
  /** Carries the identifiers of its own key and of the one that signs. */
  readonly identified?: boolean
  readonly spoilSignature?: (signature: Buffer) => Buffer
  /** Changes the signed bytes after they were signed; the length stays. */
  readonly spoilSigned?: (tbs: Buffer) => Buffer
}

/** Certificates by their labels, from the anchor down. */
export type Chain = Readonly<Record<string, CertificateSpec>>

/** Changes of some certificates of a chain; further labels are further certificates. */
export type Patch = Chain

/** The chain with the changes: extensions are changed one by one. */
export function patched(chain: Chain, patch: Patch = {}): Chain {
  const changed = Object.entries(patch).map(([label, change]) => {
    const before = chain[label] ?? {}
    return [label, { ...before, ...change, extensions: { ...before.extensions, ...change.extensions } }] as const
  })
  return { ...chain, ...Object.fromEntries(changed) }
}

/** A certificate that may issue others. */
export function authority(spec: CertificateSpec = {}): CertificateSpec {
  const extensions = { basic: basicConstraints({ ca: true }), usage: keyUsage('keyCertSign', 'cRLSign') }
  return { ...spec, extensions: { ...extensions, ...spec.extensions } }
}

/** A certificate for signatures. */
export function person(spec: CertificateSpec = {}): CertificateSpec {
  return { ...spec, extensions: { usage: keyUsage('nonRepudiation'), ...spec.extensions } }
}

export function chainName(commonName: string): Bytes {
  return buildName([
    { type: OID.countryName, value: 'EE' },
    { type: OID.organizationName, value: 'Path Tests' },
    { type: OID.commonName, value: commonName },
  ])
}

/** Issues all certificates of a chain: DER by label. */
export function buildChain(chain: Chain): ReadonlyMap<string, Bytes> {
  const labels = Object.keys(chain)
  return new Map(labels.map((label, index) => [label, build(chain, label, labels[index - 1] ?? label, index)]))
}

function build(chain: Chain, label: string, above: string, index: number): Bytes {
  const spec = chain[label] ?? {}
  const issuerLabel = spec.issuer ?? above
  const issuer = chain[issuerLabel] ?? {}
  const { key, spki: issuerSpki } = pooledKey(spec.signer ?? issuer.key ?? issuerLabel)
  const algorithm = spec.algorithm ?? algorithmOf(key)
  const identifier = spec.identifier ?? signatureAlgorithms[algorithm].encoded
  const tbs = tbsOf(spec, {
    serial: Buffer.of(0x10, index),
    identifier,
    issuerName: issuer.subject ?? chainName(issuerLabel),
    subject: chainName(label),
    spki: pooledKey(spec.key ?? label).spki,
    issuerSpki,
  })
  return assembled(spec, tbs, identifier, signed(algorithm, spec.digest, key, tbs))
}

type Defaults = Required<Pick<CertificateSpec, 'serial' | 'identifier' | 'issuerName' | 'subject' | 'spki'>> & {
  readonly issuerSpki: Bytes
}

function tbsOf(spec: CertificateSpec, usual: Defaults): Buffer {
  return sequence(
    ...(spec.version === 1 ? [] : [context(0, unsigned((spec.version ?? 3) - 1))]),
    tlv(TAG.integer, spec.serial ?? usual.serial),
    usual.identifier,
    spec.issuerName ?? usual.issuerName,
    spec.validity ?? validity(spec),
    spec.subject ?? usual.subject,
    spec.spki ?? usual.spki,
    ...extensionsOf(spec, usual),
  )
}

function assembled(spec: CertificateSpec, tbs: Buffer, identifier: Bytes, signature: Buffer): Bytes {
  return sequence(
    spec.spoilSigned?.(Buffer.from(tbs)) ?? tbs,
    spec.outerIdentifier ?? identifier,
    tlv(TAG.bitString, Buffer.of(0), spec.spoilSignature?.(signature) ?? signature),
  )
}

function validity(spec: CertificateSpec): Bytes {
  const moment = (text: string) => time(new Date(text))
  return sequence(moment(spec.notBefore ?? '2020-01-01T00:00:00Z'), moment(spec.notAfter ?? '2040-01-01T00:00:00Z'))
}

function extensionsOf({ extensions = {}, identified }: CertificateSpec, { spki, issuerSpki }: Defaults): Bytes[] {
  const identifiers = [subjectKeyIdentifier(keyIdentifier(spki)), authorityKeyIdentifier(keyIdentifier(issuerSpki))]
  const list = [...Object.values(extensions), ...(identified ? identifiers : [])].filter((one) => one !== undefined)
  return list.length === 0 ? [] : [context(3, sequence(...list.map(encodeExtension)))]
}

function algorithmOf(key: KeyObject): SignatureAlgorithm {
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519'
  return key.asymmetricKeyType === 'rsa' ? 'rsa-sha256' : 'ecdsa-sha256'
}

function signed(algorithm: SignatureAlgorithm, digest: string | undefined, key: KeyObject, data: Bytes): Buffer {
  const { scheme, digest: usual } = signatureAlgorithms[algorithm]
  const hash = scheme === 'ed25519' ? null : (digest ?? usual)
  if (scheme !== 'rsa-pss') return sign(hash, data, key)
  return sign(hash, data, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: saltBytes(digest ?? usual) })
}

function saltBytes(digest: string): number {
  return createHash(digest).digest().length
}
