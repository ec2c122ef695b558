import { createHash, randomBytes } from 'node:crypto'
import type { Bytes } from '../../std/bytes.ts'
import {
  answerTimestampRequest,
  context,
  OID,
  octetString,
  oid,
  prepareTimestampUnit,
  readCertificate,
  readTimestampRequest,
  sequence,
  setOf,
  signatureAlgorithms,
  signBytes,
  TAG,
  type TimestampUnit,
  tlv,
  unsigned,
} from '../index.ts'
import { preciseTime } from '../time.ts'
import { type Authority, type Holder, NOW } from './authority.ts'

export const TEST_POLICY = '1.3.6.1.4.1.99999.2.1'

/** A holder as a unit that gives time-stamps. */
export function timestampUnitOf(holder: Holder, authority: Authority, now = () => NOW): TimestampUnit {
  const { certificate, algorithm, key } = holder
  return {
    identity: prepareTimestampUnit({ certificate, chain: [authority.issuing.certificate], algorithm }),
    sign: (data) => signBytes(algorithm, key, data),
    policy: TEST_POLICY,
    accuracyMs: 1000,
    now,
    serial: () => randomBytes(16),
  }
}

/** The answer of a unit that is right in everything. */
export function rightAnswer(request: Bytes, holder: Holder, authority: Authority, now?: () => Date): Promise<Bytes> {
  return answerTimestampRequest(request, timestampUnitOf(holder, authority, now))
}

/** The encoded fields of TSTInfo in their order; a field may be nothing. */
export type InfoFields = {
  version: Bytes
  policy: Bytes
  imprint: Bytes
  serial: Bytes
  time: Bytes
  rest: readonly Bytes[]
}

/** What a test may change in an otherwise right token, while its signature stays right. */
export type TokenVariant = {
  readonly info?: Partial<InfoFields>
  /** What is signed, instead of TSTInfo. */
  readonly content?: Bytes
  readonly noContent?: boolean
  readonly contentType?: string
  readonly attributes?: (right: Bytes[]) => Bytes[]
  readonly noAttributes?: boolean
  readonly digestOid?: string
  readonly signatureAlgorithm?: Bytes
  readonly version?: number
  readonly signerVersion?: number
  readonly signerCount?: number
  readonly certificates?: readonly Bytes[]
  /** Signs instead of the holder. */
  readonly signer?: Holder
}

export function attribute(type: string, value: Bytes): Bytes {
  return sequence(oid(type), tlv(TAG.set, value))
}

/** Builds a token by hand, so that each part can be wrong. */
export function buildToken(request: Bytes, holder: Holder, variant: TokenVariant = {}): Bytes {
  const content = variant.content ?? buildInfo(request, variant.info)
  const contentType = variant.contentType ?? OID.tstInfo
  const digestAlgorithm = sequence(oid(variant.digestOid ?? OID.sha256))
  const wrapped = variant.noContent ? [] : [context(0, octetString(content))]
  const signerInfo = buildSignerInfo(content, holder, digestAlgorithm, variant)
  return sequence(
    oid(OID.signedData),
    context(
      0,
      sequence(
        unsigned(variant.version ?? 3),
        tlv(TAG.set, digestAlgorithm),
        sequence(oid(contentType), ...wrapped),
        context(0, ...(variant.certificates ?? [holder.certificate])),
        tlv(TAG.set, ...Array.from({ length: variant.signerCount ?? 1 }, () => signerInfo)),
      ),
    ),
  )
}

function buildInfo(request: Bytes, changes: Partial<InfoFields> = {}): Bytes {
  const { imprint, nonce } = readTimestampRequest(request)
  const right: InfoFields = {
    version: unsigned(1),
    policy: oid(TEST_POLICY),
    imprint: imprint.raw,
    serial: unsigned(77),
    time: preciseTime(NOW),
    rest: nonce ? [tlv(TAG.integer, nonce)] : [],
  }
  const { version, policy, imprint: over, serial, time, rest } = { ...right, ...changes }
  return sequence(version, policy, over, serial, time, ...rest)
}

function buildSignerInfo(content: Bytes, holder: Holder, digestAlgorithm: Bytes, variant: TokenVariant): Bytes {
  const { issuer, serial } = readCertificate(holder.certificate)
  const { algorithm, key } = variant.signer ?? holder
  const attributes = setOf(...attributesOf(content, holder, variant))
  const signedField = Buffer.from(attributes)
  signedField[0] = 0xa0
  return sequence(
    unsigned(variant.signerVersion ?? 1),
    sequence(issuer.raw, tlv(TAG.integer, serial)),
    digestAlgorithm,
    ...(variant.noAttributes ? [] : [signedField]),
    variant.signatureAlgorithm ?? signatureAlgorithms[algorithm].encoded,
    octetString(signBytes(algorithm, key, variant.noAttributes ? content : attributes)),
  )
}

function attributesOf(content: Bytes, holder: Holder, { attributes, contentType }: TokenVariant): Bytes[] {
  const sha256 = (bytes: Bytes) => createHash('sha256').update(bytes).digest()
  const right = [
    attribute(OID.contentType, oid(contentType ?? OID.tstInfo)),
    attribute(OID.messageDigest, octetString(sha256(content))),
    attribute(OID.signingCertificateV2, sequence(sequence(sequence(octetString(sha256(holder.certificate)))))),
  ]
  return attributes?.(right) ?? right
}
