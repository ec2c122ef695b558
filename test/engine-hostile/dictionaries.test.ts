import { describe, expect, test } from 'vitest'
import { catalog, cityField, OTHER_TEXT } from '../../src/pades/testing/attacks/samples.ts'
import { attribute } from '../../src/pades/testing/cms.ts'
import { ana, appended, authority, trust } from '../../src/pades/testing/signing.ts'
import {
  extendedKeyUsage,
  OID,
  octetString,
  oid,
  readCertificate,
  sequence,
  setOf,
  TAG,
  tlv,
} from '../../src/pki/index.ts'
import { issue, newAuthority, personExtensions } from '../../src/pki/testing/authority.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { hostileFiles } from '../support/hostile-confinement.ts'
import { verdictText } from '../support/hostile-reports.ts'
import { HEAD, HOLE, handSigned, RANGE } from '../support/hostile-signing.ts'

/* Signatures that verify, in dictionaries and files that can be read in two ways. */

const files = await hostileFiles('dictionaries')
const PASSED = 'TOTAL-PASSED'

async function verdictOf(file: Bytes): Promise<string> {
  return verdictText(await files.look('judge', file, { policy: trust }))
}

test('a signature dictionary that is written by hand is valid', async () => {
  expect(await verdictOf(handSigned())).toBe(PASSED)
})

describe('a dictionary that says two things', () => {
  test.each<[string, string]>([
    ['two containers, one by an escaped name', `<<${HEAD}/ByteRange${RANGE}/Cont#65nts<00>/Contents${HOLE}>>`],
    ['two byte ranges, one by an escaped name', `<<${HEAD}/Byte#52ange[0 1 2 3]/ByteRange${RANGE}/Contents${HOLE}>>`],
    ['two byte ranges', `<<${HEAD}/ByteRange[0 1 2 3]/ByteRange${RANGE}/Contents${HOLE}>>`],
    ['two kinds of signature', `<<${HEAD}/SubFilter/adbe.pkcs7.sha1/ByteRange${RANGE}/Contents${HOLE}>>`],
    ['two types', `<<${HEAD}/Ty#70e/DocTimeStamp/ByteRange${RANGE}/Contents${HOLE}>>`],
  ])('of %s is not valid', async (_, dictionary) => {
    expect(await verdictOf(handSigned({ dictionary }))).toMatch(/^(?:TOTAL-FAILED|refused)/)
  })

  test.each<[string, Record<number, string>]>([
    ['in the catalog', { 1: `<</Type/Catalog/Pages 2 0 R/AcroForm 4 0 R/Acro#46orm 31 0 R>>`, 31: '<</Fields[]>>' }],
    ['in the field', { 6: '<</FT/Sig/T(Sig_A)/V 30 0 R/#56 31 0 R>>' }],
    ['in the form', { 4: '<</Fields[5 0 R 6 0 R 7 0 R]/F#69elds[]>>' }],
  ])('%s is not valid', async (_, objects) => {
    expect(await verdictOf(handSigned({ objects }))).toMatch(/^(?:TOTAL-FAILED|refused)/)
  })
})

describe('a byte range of another object', () => {
  const dictionary = `<<${HEAD}/ByteRange 31 0 R/Contents${HOLE}>>`

  test('is read where it lies', async () => {
    expect(await verdictOf(handSigned({ dictionary, objects: { 31: RANGE } }))).toBe(PASSED)
  })

  test('cannot be replaced later', async () => {
    const file = handSigned({ dictionary, objects: { 31: RANGE } })
    const [, range = ''] = /31 0 obj\n(\[.*?\])/.exec(file.toString('latin1')) ?? []
    expect(
      await verdictOf(appended(file, { 31: range.replace(/\d+ *\]/, (end) => `${Number.parseInt(end, 10) + 700}]`) })),
    ).toMatch(/^TOTAL-FAILED/)
    expect(await verdictOf(appended(file, { 31: `[0 ${range.slice(3)}`, 11: OTHER_TEXT }))).toMatch(/^TOTAL-FAILED/)
  })
})

describe('a file with two ends', () => {
  const other = 'trailer\n<</Size 99/Root 31 0 R>>\n'

  test('by a second trailer is the file of the first', async () => {
    const change = (file: Buffer) => {
      const at = file.lastIndexOf('startxref')
      return Buffer.concat([file.subarray(0, at), Buffer.from(other), file.subarray(at)])
    }
    const file = handSigned({ objects: { 31: '<</Type/Catalog/Pages 2 0 R>>' }, change })
    expect(await verdictOf(file)).toBe(PASSED)
    expect(await verdictOf(change(handSigned()))).not.toBe(PASSED)
  })

  test.each<[string, (file: Buffer) => Buffer]>([
    ['text behind it', (file) => Buffer.concat([file, Buffer.from('% nothing\n')])],
    ['a line end behind it', (file) => Buffer.concat([file, Buffer.from('\n')])],
    ['zeros behind it', (file) => Buffer.concat([file, Buffer.alloc(16)])],
    ['a second end', (file) => Buffer.concat([file, Buffer.from('%%EOF\n')])],
    ['the same end once more', (file) => Buffer.concat([file, file.subarray(file.lastIndexOf('startxref'))])],
    ['a whole other file behind it', (file) => Buffer.concat([file, handSigned({ objects: { 11: OTHER_TEXT } })])],
    ['bytes in front of it', (file) => Buffer.concat([Buffer.from('GIF89a\n'), file])],
  ])('%s is not valid', async (_, change) => {
    expect(await verdictOf(change(handSigned()))).not.toBe(PASSED)
  })
})

describe('permissions that are hidden', () => {
  test('behind a reference cannot be taken away later', async () => {
    const reference =
      '/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]'
    const dictionary = `<<${HEAD}${reference}/ByteRange${RANGE}/Contents${HOLE}>>`
    const file = handSigned({ dictionary, objects: { 1: catalog('/Perms 31 0 R'), 31: '<</DocMDP 30 0 R>>' } })
    expect(await verdictOf(file)).toBe(PASSED)
    expect(await verdictOf(appended(file, { 5: cityField('(Cusco)') }))).toMatch(/^TOTAL-FAILED/)
    expect(await verdictOf(appended(file, { 31: '<<>>', 5: cityField('(Cusco)') }))).toMatch(/^TOTAL-FAILED/)
    expect(await verdictOf(appended(file, { 1: catalog(), 5: cityField('(Cusco)') }))).toMatch(/^TOTAL-FAILED/)
    expect(await files.look('sign', file, {})).toMatchObject({ refused: 'pades.certified_no_changes' })
  })

  test('in the signature alone hold as well for whoever signs or fills', async () => {
    const reference =
      '/Reference[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/Action/All/V/1.2>>>>]'
    const dictionary = `<<${HEAD}${reference}/ByteRange${RANGE}/Contents${HOLE}>>`
    const file = handSigned({ dictionary })
    expect(await verdictOf(appended(file, { 5: cityField('(Cusco)') }))).toMatch(/^TOTAL-FAILED/)
    expect(await files.look('fill', file, { values: { city: 'Cusco' } })).toMatchObject({
      refused: 'pades.field_locked',
    })
  })
})

describe('certificates in a container', () => {
  const decoy = issue({
    subject: newAuthority().person('Ana Ruiz').subject,
    extensions: personExtensions,
    profile: 'person',
    spoil: (template) => ({
      ...template,
      issuer: authority.issuing.subject,
      serial: readCertificate(ana.certificate).serial,
    }),
  })
  const chain = [ana.certificate, authority.issuing.certificate]

  test('of which another has the same issuer and number do not hide the right one', async () => {
    expect(await verdictOf(handSigned({ cms: { certificates: [decoy.certificate, ...chain] } }))).toBe(PASSED)
    expect(await verdictOf(handSigned({ cms: { certificates: [...chain, decoy.certificate] } }))).toBe(PASSED)
  })

  test('do not make a signature of the decoy one of Ana', async () => {
    expect(
      await verdictOf(handSigned({ holder: decoy, cms: { certificates: [decoy.certificate, ...chain] } })),
    ).toMatch(/^INDETERMINATE/)
    const cms = { certificates: [...chain, decoy.certificate], signingCertificate: ana.certificate }
    expect(await verdictOf(handSigned({ holder: decoy, cms }))).toBe('TOTAL-FAILED SIG_CRYPTO_FAILURE cms.signature')
  })

  test.each<[string, readonly string[], string]>([
    ['for servers', ['1.3.6.1.5.5.7.3.1'], 'INDETERMINATE CHAIN_CONSTRAINTS_FAILURE chain.wrong_purpose'],
    ['for time-stamps', [OID.timeStamping], 'INDETERMINATE CHAIN_CONSTRAINTS_FAILURE chain.wrong_purpose'],
    ['for OCSP', [OID.ocspSigning], 'INDETERMINATE CHAIN_CONSTRAINTS_FAILURE chain.wrong_purpose'],
    ['for e-mail', [OID.emailProtection], PASSED],
  ])('%s sign documents or not', async (_, purposes, expected) => {
    const extensions = [...personExtensions, extendedKeyUsage([...purposes])]
    const holder = authority.person('Ana Ruiz', 'P-256', { extensions, spoil: (template) => template })
    expect(await verdictOf(handSigned({ holder }))).toBe(expected)
  })
})

describe('a container that stretches the rules', () => {
  const make = (attributes: (right: Bytes[]) => Bytes[]) => handSigned({ cms: { attributes } })

  test('of an attribute with a name of two thousand bytes', async () => {
    const huge = tlv(TAG.oid, Buffer.concat([Buffer.of(0x2a), Buffer.alloc(2000, 0xff), Buffer.of(1)]))
    expect(
      await verdictOf(make((right) => [...right, sequence(huge, tlv(TAG.set, octetString(Buffer.alloc(1))))])),
    ).toMatch(/^TOTAL-/)
  })

  test('of another value in an attribute that has one', async () => {
    const twice = (right: Bytes[]) => {
      const [first = Buffer.alloc(0), , third = Buffer.alloc(0)] = right
      const digests = sequence(
        oid(OID.messageDigest),
        setOf(octetString(Buffer.alloc(32)), octetString(Buffer.alloc(32, 1))),
      )
      return [first, digests, third]
    }
    expect(await verdictOf(make(twice))).toMatch(/^TOTAL-FAILED FORMAT_FAILURE/)
  })

  test('of a signing time to come, which proves nothing', async () => {
    const future = attribute(OID.signingTime, tlv(0x17, Buffer.from('490101000000Z')))
    const report = await files.look(
      'judge',
      make((right) => [...right, future]),
      { policy: trust },
    )
    const [first] = 'signatures' in report ? report.signatures : []
    expect(first).toMatchObject({ indication: PASSED, format: 'other' })
    expect(first).not.toHaveProperty('provenAt')
  })
})

describe('a date in the dictionary', () => {
  test.each(["D:20261120120000+99'99", 'D:99999999999999Z', 'D:20261320120000Z', 'yesterday', ''])(
    'of %j is no claim',
    async (date) => {
      const dictionary = `<<${HEAD.replace('D:20261120120000Z', date)}/ByteRange${RANGE}/Contents${HOLE}>>`
      const report = await files.look('judge', handSigned({ dictionary }), { policy: trust })
      const [first] = 'signatures' in report ? report.signatures : []
      expect(first).toMatchObject({ indication: PASSED, format: 'other' })
      expect(first?.findings.map(({ code }) => code)).toContain('pades.claimed_time')
    },
  )

  test('of another time zone is the same moment', async () => {
    const dictionary = `<<${HEAD.replace('D:20261120120000Z', "D:20261120070000-05'00'")}/ByteRange${RANGE}/Contents${HOLE}>>`
    const report = await files.look('judge', handSigned({ dictionary }), { policy: trust })
    const [first] = 'signatures' in report ? report.signatures : []
    expect(first?.claimedAt).toEqual(trust.time)
  })
})
