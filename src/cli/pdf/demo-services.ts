import {
  answerTimestampRequest,
  assembleOcspResponse,
  buildOcspResponseData,
  type Exchange,
  namesCertificate,
  ocspRequestOfPath,
  ocspResponderByKey,
  prepareTimestampUnit,
  readCertificate,
  readOcspRequest,
  signBytes,
  type TimestampUnit,
} from '../../pki/index.ts'
import type { Bytes } from '../../std/bytes.ts'
import { DAY_MS, later } from '../../std/time.ts'
import { DEMO_ORIGIN, DEMO_POLICY, type DemoAuthority, ROOT_ALGORITHM, UNIT_ALGORITHM } from './demo-authority.ts'

/** Where the demo's time-stamp unit answers. */
export const DEMO_TSA = `${DEMO_ORIGIN}/tsa`

const OCSP_PATH = `${DEMO_ORIGIN}/ocsp`
const ACCURACY_MS = 1000
const SERIAL_BYTES = 16

type Surroundings = { readonly clock: () => Date; readonly random: (bytes: number) => Buffer }

/**
 * The demo authority's time-stamps and OCSP answers, as real messages: asked by address like any service, and
 * answered without a network. Every other address goes to `beyond`.
 */
export function demoExchange(authority: DemoAuthority, surroundings: Surroundings, beyond: Exchange): Exchange {
  const unit = unitOf(authority, surroundings)
  const status = statusOf(authority, surroundings)
  return async (request) => {
    const { url, body = new Uint8Array() } = request
    if (url === DEMO_TSA) return await answerTimestampRequest(body, unit)
    if (url === OCSP_PATH) return status(body)
    if (url.startsWith(`${OCSP_PATH}/`)) return status(ocspRequestOfPath(url.slice(OCSP_PATH.length + 1)))
    return await beyond(request)
  }
}

function unitOf({ unit, root }: DemoAuthority, { clock, random }: Surroundings): TimestampUnit {
  const { certificate, key } = unit
  return {
    identity: prepareTimestampUnit({ certificate, chain: [root.certificate], algorithm: UNIT_ALGORITHM }),
    sign: (data) => signBytes(UNIT_ALGORITHM, key, data),
    policy: DEMO_POLICY,
    accuracyMs: ACCURACY_MS,
    now: clock,
    // Below 2^159 and positive, as a first byte of 1 makes it.
    serial: () => Buffer.concat([Buffer.of(1), random(SERIAL_BYTES)]),
  }
}

/** The root answers for itself; nothing that it issued was ever revoked. */
function statusOf({ root, signer, unit }: DemoAuthority, { clock }: Surroundings): (question: Bytes) => Bytes {
  const issuer = readCertificate(root.certificate)
  const issued = [signer, unit].map(({ certificate }) => readCertificate(certificate))
  return (question) => {
    const { certificateIds, nonce } = readOcspRequest(question)
    const now = clock()
    const answers = certificateIds.map((asked) => {
      const isOurs = issued.some((certificate) => namesCertificate(asked, { certificate, issuer }))
      const certificate = { status: isOurs ? 'good' : 'unknown' } as const
      return { certificateId: asked, certificate, thisUpdate: now, nextUpdate: later(now, DAY_MS) }
    })
    const responder = ocspResponderByKey(issuer)
    const data = buildOcspResponseData({ responder, producedAt: now, answers, ...(nonce && { nonce }) })
    return assembleOcspResponse(data, ROOT_ALGORITHM, signBytes(ROOT_ALGORITHM, root.key, data), [])
  }
}
