import { randomBytes } from 'node:crypto'
import {
  answerTimestampRequest,
  assembleCertificateList,
  assembleOcspResponse,
  buildOcspResponseData,
  buildTbsCertificateList,
  buildTimestampRequest,
  keyIdentifier,
  namesCertificate,
  type OcspAnswer,
  type OcspCertificateId,
  ocspResponderByKey,
  prepareTimestampUnit,
  type RevocationReason,
  readCertificate,
  readOcspRequest,
  readTimestampRequest,
  refusingOcspResponse,
  signBytes,
  type TimestampUnit,
} from '../../src/pki/index.ts'
import type { Holder } from '../../src/pki/testing/authority.ts'
import { type Bytes, sha256 } from '../../src/std/bytes.ts'
import { type AuthorityId, chainOf, type TrustHierarchy } from './trust-hierarchy.ts'

/** How a service can be made to answer wrongly. What makes no sense for a service is answered as usual. */
export type WrongAnswer =
  /** OCSP: status unknown. Time-stamps: refused. */
  | 'unknown'
  /** OCSP: the status tryLater. Time-stamps: refused, as if the clock were lost. */
  | 'tryLater'
  /** An answer whose next update has passed; a time-stamp of yesterday. */
  | 'stale'
  /** Signed by somebody of the same name whom nobody certified. */
  | 'wrongSigner'
  /** Another nonce than was sent. */
  | 'wrongNonce'
  /** A time-stamp over something else. */
  | 'wrongImprint'
  /** DER of something else. */
  | 'malformed'

export type Revocation = { readonly serial: Bytes; readonly revokedAt: Date; readonly reason: RevocationReason }

/** What the answers are made of. */
export type TrustState = {
  readonly hierarchy: TrustHierarchy
  readonly now: () => Date
  /** What each authority revoked, by serial number in hex. */
  readonly revoked: Readonly<Record<AuthorityId, ReadonlyMap<string, Revocation>>>
  /** From this update to the next. */
  readonly lifetimeMs: number
}

const DAY_MS = 86_400_000
const MALFORMED = Buffer.from('3003020100', 'hex')

function updates({ now, lifetimeMs }: TrustState, wrong: WrongAnswer | undefined) {
  const thisUpdate = new Date(now().getTime() - (wrong === 'stale' ? lifetimeMs + DAY_MS : 0))
  return { thisUpdate, nextUpdate: new Date(thisUpdate.getTime() + lifetimeMs) }
}

/** Answers an OCSP request about what one authority issued; every serial that it did not revoke is good. */
export function ocspAnswers(state: TrustState, id: AuthorityId): (request: Bytes, wrong?: WrongAnswer) => Bytes {
  const { hierarchy, revoked } = state
  const issuer = readCertificate(hierarchy[id].certificate)
  const genuine = responderOf(hierarchy.ocsp[id])
  const impostor = responderOf(hierarchy.impostor[id])
  const isOurs = (asked: OcspCertificateId) =>
    namesCertificate(asked, { certificate: { ...issuer, issuer: issuer.subject, serial: asked.serial }, issuer })
  const statusOf = (asked: OcspCertificateId): OcspAnswer['certificate'] => {
    const found = revoked[id].get(hex(asked.serial))
    return found ? { status: 'revoked', ...found } : { status: 'good' }
  }
  return (der, wrong) => {
    if (wrong === 'malformed') return MALFORMED
    if (wrong === 'tryLater') return refusingOcspResponse('tryLater')
    const request = readOcspRequest(der)
    const times = updates(state, wrong)
    const answers = request.certificateIds.map((asked) => ({
      certificateId: asked,
      certificate: wrong !== 'unknown' && isOurs(asked) ? statusOf(asked) : ({ status: 'unknown' } as const),
      ...times,
    }))
    const nonce = wrong === 'wrongNonce' ? randomBytes(32) : request.nonce
    const responder = wrong === 'wrongSigner' ? impostor : genuine
    return responder({ producedAt: times.thisUpdate, answers, ...(nonce && { nonce }) })
  }
}

type Answers = Omit<Parameters<typeof buildOcspResponseData>[0], 'responder'>

function responderOf({ certificate, key, algorithm }: Holder): (answers: Answers) => Bytes {
  const responder = ocspResponderByKey(readCertificate(certificate))
  return (answers) => {
    const data = buildOcspResponseData({ responder, ...answers })
    return assembleOcspResponse(data, algorithm, signBytes(algorithm, key, data), [certificate])
  }
}

/** The current list of one authority, made anew for each request, with a greater number each time. */
export function listAnswers(state: TrustState, id: AuthorityId): (wrong?: WrongAnswer) => Bytes {
  const { hierarchy, revoked } = state
  const own = hierarchy[id]
  let number = 0
  return (wrong) => {
    if (wrong === 'malformed') return MALFORMED
    const signer = wrong === 'wrongSigner' ? hierarchy.impostor[id] : own
    const tbs = buildTbsCertificateList({
      algorithm: signer.algorithm,
      issuer: own.subject,
      keyIdentifier: keyIdentifier(own.spki),
      number: ++number,
      ...updates(state, wrong),
      revoked: [...revoked[id].values()],
    })
    return assembleCertificateList(tbs, signer.algorithm, signBytes(signer.algorithm, signer.key, tbs), signer.spki)
  }
}

/** Answers time-stamp requests with the key of one unit. */
export function timestampAnswers(
  state: TrustState,
  holder: Holder,
): (request: Bytes, wrong?: WrongAnswer) => Promise<Bytes> {
  const usual = unitOf(state, holder, state.now)
  const strange = unitOf(state, state.hierarchy.strangeUnit, state.now)
  const stale = unitOf(state, holder, () => new Date(state.now().getTime() - DAY_MS))
  const lost = unitOf(state, holder, () => undefined)
  return async (der, wrong) => {
    switch (wrong) {
      case 'malformed':
        return MALFORMED
      case 'tryLater':
      case 'unknown':
        return await answerTimestampRequest(der, lost)
      case 'stale':
        return await answerTimestampRequest(der, stale)
      case 'wrongSigner':
        return await answerTimestampRequest(der, strange)
      default:
        return await answerTimestampRequest(altered(der, wrong), usual)
    }
  }
}

function unitOf(state: TrustState, holder: Holder, now: () => Date | undefined): TimestampUnit {
  const identity = prepareTimestampUnit({ ...holder, chain: chainOf(state.hierarchy) })
  return {
    identity,
    sign: (data) => signBytes(holder.algorithm, holder.key, data),
    policy: TIMESTAMP_POLICY,
    accuracyMs: 1000,
    now,
    serial: () => Buffer.concat([Buffer.of(1), randomBytes(16)]),
  }
}

/** Dotted identifier of the policy of both time-stamp units. */
export const TIMESTAMP_POLICY = '1.3.6.1.4.1.99999.2.1'

/** The request as an authority would have it that answers another one. */
function altered(der: Bytes, wrong: WrongAnswer | undefined): Bytes {
  if (wrong !== 'wrongNonce' && wrong !== 'wrongImprint') return der
  const { imprint, nonce } = readTimestampRequest(der)
  const { digest = 'sha256', hash } = imprint
  return buildTimestampRequest({
    imprint: wrong === 'wrongImprint' ? { digest: 'sha256', hash: sha256(hash) } : { digest, hash },
    nonce: wrong === 'wrongNonce' || nonce === undefined ? randomBytes(8) : nonce,
  })
}

export function hex(bytes: Bytes): string {
  return Buffer.from(bytes).toString('hex')
}
