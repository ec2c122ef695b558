import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type SigningWorld, startSigningWorld } from '../../../test/support/signing-world.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { sha256 } from '../../std/bytes.ts'
import { type Report, reportText, reportXml } from '../index.ts'
import { readXml, type XmlNode } from '../testing/read-xml.ts'
import { overwritten } from '../testing/signing.ts'
import { subIndications } from './problem.ts'

const SIGNED = '2026-11-20T12:00:00Z'
const JUDGED = '2026-11-20T12:01:00Z'
const pdf = buildPdf('table')
const reports = new Map<string, Report>()
const named = { name: 'a <&> "b".pdf', digest: { algorithm: 'sha256', hash: sha256(pdf) } } as const

let world: SigningWorld
beforeAll(async () => {
  world = await startSigningWorld()
  world.setTime(SIGNED)
  const person = world.person()
  const archived = await world.signed(pdf, 'B-LTA', person)
  const twice = await world.signed(archived, 'B-B', world.person(), { reason: 'Agreed' })
  world.services.revoke(person, new Date('2026-11-01T00:00:00Z'), 'keyCompromise')
  const add = async (name: string, bytes: Uint8Array, time = JUDGED, policy = {}) =>
    reports.set(name, await world.report(bytes, time, policy))
  await add('an archive', archived)
  await add('an archive whose authority expired', archived, '2047-01-01T00:00:00Z')
  await add('two signatures', twice)
  await add('a revoked signer', await world.signed(pdf, 'B-B', person), JUDGED, world.online)
  await add('no signature', pdf)
  await add('a broken archive', overwritten(archived, '/Adobe.PPKLite', '/Adobe.PPKLitf'))
  await add('a broken signature', overwritten(await world.signed(pdf, 'B-B', person), '/ByteRange[0 ', '/ByteRange[1 '))
})
afterAll(() => world[Symbol.asyncDispose]())

const all = [
  'an archive',
  'an archive whose authority expired',
  'two signatures',
  'a revoked signer',
  'no signature',
  'a broken signature',
]

function reportOf(name: string): Report {
  const report = reports.get(name)
  if (!report) throw new Error(`there is no report on ${name}`)
  return report
}

describe('the schema of the report', () => {
  const schema = async () => JSON.parse(await readFile('docs/validation-report.schema.json', 'utf8'))
  const asJson = (report: Report) => JSON.parse(JSON.stringify(report))

  test('refuses what is missing and what is too much', async () => {
    const parser = z.fromJSONSchema(await schema())
    const { time: _, ...missing } = asJson(reportOf('an archive'))
    expect(parser.safeParse(missing).success).toBe(false)
    expect(parser.safeParse({ ...asJson(reportOf('an archive')), more: 1 }).success).toBe(false)
  })

  test.each(all)('describes the report on %s', async (name) => {
    const result = z.fromJSONSchema(await schema()).safeParse(asJson(reportOf(name)))
    expect(result.error?.issues ?? []).toEqual([])
  })

  test('names every sub-indication', async () => {
    expect((await schema()).$defs.subIndication.enum).toEqual(subIndications)
  })
})

describe('the report for people', () => {
  test.each<[string, RegExp]>([
    ['an archive', /^All signatures are valid\. 1 signature.*\n\nSignature Signature1: valid \(TOTAL-PASSED\)/],
    ['an archive', /Existed at the latest on 2026-11-20 12:00:00 UTC, which a time-stamp proves\./],
    ['an archive', /Later: evidence for the signatures\n.*\n {2}Later: a document time-stamp in Timestamp1\n/],
    ['an archive whose authority expired', /undecided \(INDETERMINATE, OUT_OF_BOUNDS_/],
    ['an archive whose authority expired', /What to do: Ask for a copy/],
    ['two signatures', /Later: an invisible signature in Signature2/],
    ['a revoked signer', /Revoked: Ana Ruiz on 2026-11-01 00:00:00 UTC \(keyCompromise\)/],
    ['a broken archive', /^All signatures are valid\..*\nA document time-stamp is not valid: /],
    ['no signature', /^There is no signature\. 0 signatures/],
    ['a broken signature', /^At least one signature is not valid\./],
  ])('on %s says %s', (name, expected) => {
    expect(reportText(reportOf(name))).toMatch(expected)
  })

  test.each(all)('on %s has at most a screen for each signature', (name) => {
    const { signatures, timestamps } = reportOf(name)
    const lines = reportText(reportOf(name)).split('\n').length
    expect(lines).toBeLessThan(3 + 24 * (signatures.length + timestamps.length))
  })

  test('lets no name steer a terminal', () => {
    const report = reportOf('an archive')
    const signatures = report.signatures.map((one) => ({ ...one, field: 'a\u001b[2J\u202eb\nSignature B: valid' }))
    expect(reportText({ ...report, signatures })).toContain(
      'Signature a\ufffd[2J\ufffdb\ufffdSignature B: valid: valid',
    )
  })
})

/** The sequences of ETSI TS 119 102-2 V1.4.1 annex B: what may stand in an element, in this order; `!` must. */
const sequences: Readonly<Record<string, readonly string[]>> = {
  ValidationReport: ['SignatureValidationReport!', 'SignatureValidationObjects', 'SignatureValidator', 'ds:Signature'],
  SignatureValidationReport: [
    'SignatureIdentifier',
    'ValidationConstraintsEvaluationReport',
    'ValidationTimeInfo',
    'SignersDocument',
    'SignatureAttributes',
    'SignerInformation',
    'SignatureQuality',
    'SignatureValidationProcess',
    'SignatureValidationStatus!',
  ],
  SignatureIdentifier: ['DigestAlgAndValue', 'ds:SignatureValue', 'HashOnly!', 'DocHashOnly!', 'DAIdentifier'],
  SignatureValidationStatus: ['MainIndication!', 'SubIndication', 'AssociatedValidationReportData'],
  ValidationTimeInfo: ['ValidationTime!', 'BestSignatureTime!'],
  BestSignatureTime: ['POETime!', 'TypeOfProof!', 'POEObject'],
  POE: ['POETime!', 'TypeOfProof!', 'POEObject'],
  SignersDocument: ['DigestAlgAndValue!', 'SignersDocumentRepresentation', 'SignersDocumentRef'],
  SignerInformation: ['SignerCertificate!', 'Signer'],
  AssociatedValidationReportData: [
    'TrustAnchor',
    'CertificateChain',
    'RelatedValidationObject',
    'RevocationStatusInformation',
    'CryptoInformation',
    'AdditionalValidationReportData',
  ],
  CertificateChain: ['SigningCertificate!', 'IntermediateCertificate', 'TrustAnchor'],
  RevocationStatusInformation: ['ValidationObjectId!', 'RevocationTime!', 'RevocationReason', 'RevocationObject'],
  AdditionalValidationReportData: ['ReportData!'],
  ReportData: ['Type!', 'Value!'],
  SignatureValidationObjects: ['ValidationObject!'],
  ValidationObject: ['ObjectType!', 'ValidationObjectRepresentation!', 'POE', 'POEProvisioning', 'ValidationReport'],
  DigestAlgAndValue: ['ds:DigestMethod!', 'ds:DigestValue!'],
}

function allNodes(node: XmlNode): XmlNode[] {
  return [node, ...node.children.flatMap(allNodes)]
}

/** A report in a validation object has the content of a report on a signature. */
function sequenceOf(node: XmlNode, parent: XmlNode | undefined): readonly string[] | undefined {
  const isInner = node.name === 'ValidationReport' && parent?.name === 'ValidationObject'
  return sequences[isInner ? 'SignatureValidationReport' : node.name]
}

function expectSequence(node: XmlNode, parent?: XmlNode): void {
  const allowed = sequenceOf(node, parent)
  const names = node.children.map(({ name }) => name)
  if (allowed) {
    const order = allowed.map((name) => name.replace('!', ''))
    expect(names.map((name) => order.indexOf(name))).toEqual(
      names.map((name) => order.indexOf(name)).toSorted((a, b) => a - b),
    )
    expect(names.filter((name) => !order.includes(name))).toEqual([])
    expect(names).toEqual(
      expect.arrayContaining(allowed.filter((name) => name.endsWith('!')).map((name) => name.slice(0, -1))),
    )
  }
  for (const child of node.children) expectSequence(child, node)
}

describe('the report by ETSI TS 119 102-2', () => {
  test.each(all)('on %s keeps the order of the schema', (name) => {
    expectSequence(readXml(reportXml(reportOf(name), named)))
  })

  test.each(all)('on %s refers to nothing that is not there', (name) => {
    const nodes = allNodes(readXml(reportXml(reportOf(name), named)))
    const ids = nodes.flatMap(({ attributes }) => attributes['id'] ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    for (const { attributes } of nodes) {
      const { VOReference } = attributes
      if (VOReference !== undefined) expect(ids).toContain(VOReference)
    }
  })

  test.each([
    ['an archive', ['urn:etsi:019102:mainindication:total-passed', 'urn:etsi:019102:mainindication:passed']],
    [
      'a revoked signer',
      ['urn:etsi:019102:mainindication:indeterminate', 'urn:etsi:019102:subindication:REVOKED_NO_POE'],
    ],
    [
      'a broken signature',
      ['urn:etsi:019102:mainindication:total-failed', 'urn:etsi:019102:subindication:FORMAT_FAILURE'],
    ],
    ['no signature', ['urn:cef:dss:mainindication:noSignatureFound']],
  ])('on %s has the verdicts %s', (name, expected) => {
    const texts = allNodes(readXml(reportXml(reportOf(name), named))).map(({ text }) => text)
    expect(texts).toEqual(expect.arrayContaining(expected))
  })

  test('escapes what strangers wrote', () => {
    const report = reportOf('an archive')
    const signatures = report.signatures.map((one) => ({ ...one, field: ']]><a b="\u0001\ud800">&amp;' }))
    const texts = allNodes(readXml(reportXml({ ...report, signatures }, named))).map(({ text }) => text)
    expect(texts).toContain(']]><a b="\ufffd\ufffd">&amp;')
  })
})
