import { createHash } from 'node:crypto'
import type { Bytes } from '../../std/bytes.ts'
import { digestLengths } from '../algorithm-identifier.ts'
import { assembleEncapsulated, type CmsSigner, prepareCmsSigner, signedAttributes } from '../cms-signer.ts'
import { OID } from '../oids.ts'
import { refuse } from '../pki-error.ts'
import { readable } from '../readable.ts'
import type { SignatureAlgorithm } from '../signature-algorithm.ts'
import { verifySignature } from '../verify.ts'
import { checkUnitCertificate } from './check-timestamp-token.ts'
import { timestampFailure } from './timestamp-fault.ts'
import { readTimestampRequest, type TimestampRequest } from './timestamp-request.ts'
import { buildTimestampGrant, buildTimestampRefusal, type FailureInfo } from './timestamp-response.ts'
import { buildTstInfo } from './tst-info.ts'

/** A key that gives time-stamps, with what it needs to do so (RFC 3161, EN 319 422). */
export type TimestampUnit = {
  /** From {@link prepareTimestampUnit}. */
  readonly identity: CmsSigner
  /** Signs the bytes themselves; ECDSA signatures are in the DER form. */
  readonly sign: (data: Bytes, algorithm: SignatureAlgorithm) => Promise<Bytes> | Bytes
  /** Dotted identifier of the only policy that is followed. */
  readonly policy: string
  /** What is promised of the clock: whole milliseconds above 0. */
  readonly accuracyMs: number
  /** The present moment; nothing while the clock cannot be trusted to the accuracy promised. */
  readonly now: () => Date | undefined
  /** Big-endian bytes of a positive number below 2^159, another one each time. */
  readonly serial: () => Bytes
}

/**
 * The identity of a unit. Throws `pki.timestamp` when the certificate is not for time-stamps alone, or `pki.algorithm`
 * when the algorithm does not fit its key.
 */
export function prepareTimestampUnit(input: {
  readonly certificate: Bytes
  readonly chain: readonly Bytes[]
  readonly algorithm: SignatureAlgorithm
}): CmsSigner {
  const identity = prepareCmsSigner({ ...input, contentType: OID.tstInfo })
  const fault = checkUnitCertificate(identity.certificate)
  if (fault) {
    const { message, clause } = timestampFailure(fault)
    refuse('pki.timestamp', message, { fault, clause })
  }
  return identity
}

/**
 * Answers a request: a TimeStampResp that grants or refuses, whatever the bytes are. Rejects with `pki.signature` when
 * the key's answer does not verify, and with what `sign` rejects with.
 */
export async function answerTimestampRequest(der: Bytes, unit: TimestampUnit): Promise<Bytes> {
  const request = readable(() => readTimestampRequest(der))
  const failure = request ? failureFor(request, unit) : 'badDataFormat'
  if (!request || failure) return buildTimestampRefusal(failure ?? 'badDataFormat')
  const time = unit.now()
  if (!time || !isValidAt(unit.identity, time)) return buildTimestampRefusal('timeNotAvailable')
  return buildTimestampGrant(await makeToken(request, unit, time))
}

/** RFC 3161 2.4.1: every extension that is not known is refused, critical or not. */
function failureFor({ version, imprint, policy, extensions }: TimestampRequest, unit: TimestampUnit) {
  if (version !== 1) return 'badDataFormat' satisfies FailureInfo
  if (imprint.digest === undefined) return 'badAlg' satisfies FailureInfo
  if (imprint.hash.length !== digestLengths[imprint.digest]) return 'badDataFormat' satisfies FailureInfo
  if (policy !== undefined && policy !== unit.policy) return 'unacceptedPolicy' satisfies FailureInfo
  return extensions.size > 0 ? ('unacceptedExtension' satisfies FailureInfo) : undefined
}

function isValidAt({ certificate }: CmsSigner, time: Date): boolean {
  return time >= certificate.notBefore && time <= certificate.notAfter
}

async function makeToken(request: TimestampRequest, unit: TimestampUnit, time: Date): Promise<Bytes> {
  const { identity, policy, accuracyMs } = unit
  const { nonce, imprint } = request
  const bytes = buildTstInfo({
    policy,
    imprint: imprint.raw,
    serial: unit.serial(),
    time,
    accuracyMs,
    ...(nonce && { nonce }),
  })
  const attributes = signedAttributes(identity, createHash(identity.digest).update(bytes).digest())
  const signature = await unit.sign(attributes, identity.algorithm)
  if (!verifySignature(identity.algorithm, identity.publicKey, attributes, signature))
    refuse('pki.signature', "the signature is not the unit's")
  const content = { type: OID.tstInfo, bytes, withCertificates: request.certReq }
  return assembleEncapsulated(identity, content, attributes, signature)
}
