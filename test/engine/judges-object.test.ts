import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SecurityStore } from '../../src/pades/evidence/security-store.ts'
import type { Level } from '../../src/pades/index.ts'
import { asBer, attribute, buildCms, type CmsVariant } from '../../src/pades/testing/cms.ts'
import { ana, signedWith } from '../../src/pades/testing/signing.ts'
import { OID, oid } from '../../src/pki/index.ts'
import { baselineFaults } from '../support/engine-baseline.ts'
import { derFaults } from '../support/engine-der.ts'
import { openSample } from '../support/engine-files.ts'
import type { Objection } from '../support/engine-openssl.ts'
import { hasTool, skippedTools } from '../support/engine-tools.ts'
import { evidenceIn, openWorkshop, type StatusKind, type Workshop } from '../support/engine-workshop.ts'

/** Judges that find fault with nothing prove nothing: here each is shown something wrong. */
let workshop: Workshop
let before: Buffer
beforeAll(async () => {
  workshop = await openWorkshop()
  before = await workshop.signedBefore('form', 0)
})
afterAll(() => workshop[Symbol.asyncDispose]())

async function signed(level: Level, status: StatusKind = 'ocsp'): Promise<Buffer> {
  const { sign, signer } = workshop
  return await sign(openSample('form', before), before, { level, status, signer: signer('P-256', 'Ana Ruiz') })
}

/** The document with one byte changed. */
function spoilt(pdf: Buffer, at: number): Buffer {
  const out = Buffer.from(pdf)
  out[at] = (out[at] ?? 0) ^ 1
  return out
}

const judgesOf = (objections: readonly Objection[]) => [...new Set(objections.map(({ judge }) => judge))]

describe('others', () => {
  test(`pdfsig finds a page that is another${skippedTools('pdfsig')}`, async ({ skip }) => {
    if (!hasTool('pdfsig')) skip()
    const pdf = await signed('B-B')
    expect(await workshop.judges.pdfsig(pdf)).toEqual([])
    const changed = spoilt(pdf, pdf.indexOf('(Page 1)') + 6)
    expect(await workshop.judges.pdfsig(changed)).toEqual([{ judge: 'pdfsig', says: 'Digest Mismatch.' }])
  })

  test(`qpdf finds a file that is cut off${skippedTools('qpdf')}`, async ({ skip }) => {
    if (!hasTool('qpdf')) skip()
    const pdf = await signed('B-B')
    expect(judgesOf(await workshop.judges.qpdf(before, pdf.subarray(0, -40)))).toEqual(['qpdf'])
  })

  test(`openssl finds a signature and a time-stamp over other bytes${skippedTools('openssl')}`, async ({ skip }) => {
    if (!hasTool('openssl')) skip()
    const changed = spoilt(await signed('B-LTA'), 600)
    expect(judgesOf(await workshop.judges.containers(changed))).toEqual(['openssl cms', 'openssl ts'])
  })

  test.each<[StatusKind, 'ocsps' | 'crls']>([
    ['ocsp', 'ocsps'],
    ['crl', 'crls'],
  ])(`openssl finds an answer by %s that is over other bytes${skippedTools('openssl')}`, async (status, kind) => {
    const evidence = evidenceIn(openSample('form', await signed('B-LT', status)))
    expect(evidence[kind].length).toBeGreaterThan(0)
    expect(await workshop.judges.evidence(evidence)).toEqual([])
    if (!hasTool('openssl')) return
    const changed = evidence[kind].map((der) => spoilt(Buffer.from(der), der.length - 10))
    expect(judgesOf(await workshop.judges.evidence({ ...evidence, [kind]: changed }))).toEqual([`openssl ${status}`])
  })
})

const NOTHING: SecurityStore = { certificates: [], ocsps: [], crls: [] }

describe('our own check of the baseline', () => {
  const faults = (pdf: Uint8Array, level: Level, evidence: SecurityStore = NOTHING) => {
    const [anchor] = workshop.world.evidence.anchors
    return anchor ? baselineFaults(pdf, { evidence, anchor }, level) : []
  }

  test.each([
    ['/Type/Sig/', '/Type/Sug/', 'not so: /Type is /Sig'],
    ['ETSI.CAdES.detached', 'adbe.pkcs7.detached', 'not so: /SubFilter is /ETSI.CAdES.detached'],
    ['/M<', '/N<', 'not so: /M is there'],
  ])('finds that %s became %s', async (from, to, fault) => {
    const pdf = await signed('B-B')
    const text = pdf.toString('latin1')
    expect(faults(pdf, 'B-B')).toEqual([])
    expect(text).toContain(from)
    expect(faults(Buffer.from(text.replace(from, to), 'latin1'), 'B-B')).toEqual([fault])
  })

  const without = (unwanted: string) => (right: Uint8Array[]) =>
    right.filter((one) => !Buffer.from(one).includes(oid(unwanted)))
  const signingTime = attribute(OID.signingTime, Buffer.from('170d3236313132303132303030305a', 'hex'))

  test.each<[string, CmsVariant, string]>([
    ['with signing-time', { attributes: (right) => [...right, signingTime] }, 'signing-time is there'],
    [
      'without signing-certificate-v2',
      { attributes: without(OID.signingCertificateV2) },
      'not so: signing-certificate-v2 is there once',
    ],
    ['without message-digest', { attributes: without(OID.messageDigest) }, 'not so: message-digest is there'],
    ['without certificates', { noCertificates: true }, "not so: the signer's certificate is inside"],
    ['with two signers', { signerCount: 2 }, 'not so: there is one signer'],
    ['with its content', { content: Buffer.from('x') }, 'not so: the content is not inside'],
  ])('finds a container %s', async (_, variant, fault) => {
    const pdf = await signedWith(before, ana, (digest, sign) => buildCms(ana.certificate, digest, sign, variant))
    expect(faults(pdf, 'B-B')).toEqual([fault])
  })

  test('finds a container in BER', async () => {
    const pdf = await signedWith(before, ana, (digest, sign) => asBer(buildCms(ana.certificate, digest, sign)))
    expect(faults(pdf, 'B-B')).toEqual(['not so: the container is DER'])
  })

  test('finds a level that was not reached', async () => {
    const pdf = await signed('B-B')
    expect(faults(pdf, 'B-T')).toEqual(['B-T: there is no time-stamp'])
    const stamped = await signed('B-T')
    expect(faults(stamped, 'B-LT').every((fault) => fault.startsWith('B-LT: the status of'))).toBe(true)
    expect(faults(stamped, 'B-LT')).toHaveLength(4)
    const kept = await signed('B-LT')
    expect(faults(kept, 'B-LTA', evidenceIn(openSample('form', kept)))).toEqual(['B-LTA: the document time-stamp'])
  })
})

describe('our own reader of DER', () => {
  test.each([
    ['an integer', '020101', []],
    ['a set in order', '3106020101020102', []],
    ['an indefinite length', '30800000', ['an indefinite length at 0']],
    ['a length in two bytes that fits one', '0281010a', ['a length that is too long at 0']],
    ['a length with a zero before it', `02820080${'01'.repeat(128)}`, ['a length that is too long at 0']],
    ['a set out of order', '3106020102020101', ['a set out of order at 0']],
    ['another truth', '300301010f', ['a boolean at 0']],
    ['a frame that is too short', '020501', ['an element that leaves its frame at 0']],
  ])('%s', (_, hex, wanted) => {
    expect(derFaults(Buffer.from(hex, 'hex'))).toEqual(wanted)
  })
})
