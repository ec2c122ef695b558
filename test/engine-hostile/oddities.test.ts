import { describe, expect, test } from 'vitest'
import { catalog, cityField, firstPage, formWith } from '../../src/pades/testing/attacks/samples.ts'
import { ana, appended, authority, signedWith, signers, trust } from '../../src/pades/testing/signing.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import {
  assembleSignedData,
  basicConstraints,
  buildTimestampRequest,
  type Extension,
  keyUsage,
  NULL,
  OID,
  oid,
  sequence,
  setOf,
  signedAttributes,
} from '../../src/pki/index.ts'
import { buildToken } from '../../src/pki/testing/timestamp.ts'
import { type Bytes, sha256 } from '../../src/std/bytes.ts'
import { hostileFiles } from '../support/hostile-confinement.ts'
import { verdictText } from '../support/hostile-reports.ts'
import { HEAD, HOLE, handSigned, RANGE } from '../support/hostile-signing.ts'

/* Signatures that are right in themselves, beside something that is not. */

const files = await hostileFiles('oddities')
const PASSED = 'TOTAL-PASSED'

async function verdictOf(file: Bytes): Promise<string> {
  return verdictText(await files.look('judge', file, { policy: trust }))
}

/** Signed by Ana, with these time-stamps over her signature beside it. */
function withTokens(tokensOver: (signature: Bytes) => readonly Bytes[], room: number): Promise<Buffer> {
  const { identity } = signers.ana
  const make = (digest: Bytes, signBytes: (data: Bytes) => Bytes) => {
    const attributes = signedAttributes(identity, digest)
    const signature = signBytes(attributes)
    const attribute = sequence(oid(OID.signatureTimeStamp), setOf(...tokensOver(signature)))
    return assembleSignedData(identity, attributes, signature, [attribute])
  }
  return signedWith(buildPdf('table'), ana, make, { timestampRoom: room })
}

test('five hundred time-stamps in one signature are judged in time', { timeout: 20_000 }, async () => {
  const unit = authority.timestampUnit()
  const file = await withTokens((signature) => {
    const request = buildTimestampRequest({ imprint: { digest: 'sha256', hash: sha256(signature) } })
    return Array.from({ length: 500 }, () => buildToken(request, unit))
  }, 800_000)
  const report = await files.look('judge', file, { policy: trust })
  const [first] = 'signatures' in report ? report.signatures : []
  expect([first?.indication, first?.timestamps.length]).toEqual([PASSED, 500])
})

describe('a signer', () => {
  const issued = (extensions: readonly Extension[]) =>
    authority.person('Ana Ruiz', 'P-256', { extensions, spoil: (template) => template })

  test.each<[string, readonly Extension[], string]>([
    ['who may only certify', [basicConstraints({ ca: false }), keyUsage('keyCertSign')], 'chain.key_usage'],
    ['who may only encrypt', [basicConstraints({ ca: false }), keyUsage('keyEncipherment')], 'chain.key_usage'],
    [
      'with a critical extension that nobody knows',
      [keyUsage('nonRepudiation'), { id: '1.2.3.4.5', critical: true, value: NULL }],
      'chain.unknown_critical_extension',
    ],
    [
      'whose extension is no encoding',
      [{ id: OID.keyUsage, critical: true, value: Buffer.from('0400', 'hex') }],
      'chain.',
    ],
  ])('%s is none', async (_, extensions, code) => {
    const said = await verdictOf(handSigned({ holder: issued(extensions) }))
    expect(said).toMatch(/^(?:INDETERMINATE|TOTAL-FAILED)/)
    expect(said).toContain(code)
  })
})

describe('two fields', () => {
  test('of one name, of which one has a signature, are both reported', async () => {
    const report = await files.look(
      'judge',
      handSigned({ objects: { 4: formWith(' 31 0 R'), 31: '<</FT/Sig/T(Sig_A)/V 32 0 R>>', 32: '<</Type/Sig>>' } }),
      { policy: trust },
    )
    const verdicts = 'signatures' in report ? report.signatures.map(({ indication }) => indication) : []
    expect(verdicts.toSorted()).toEqual(['TOTAL-FAILED', PASSED])
  })

  test('that share one signature have the same signer in the report', async () => {
    const objects = { 4: formWith(' 31 0 R'), 31: '<</FT/Sig/T(Sig_C)/V 30 0 R>>' }
    const report = await files.look('judge', handSigned({ objects }), { policy: trust })
    const signers = 'signatures' in report ? report.signatures.map(({ signer }) => signer?.commonName) : []
    expect(signers).toEqual(['Ana Ruiz', 'Ana Ruiz'])
  })

  test('of which a later one takes the signature of the first', async () => {
    const file = handSigned()
    const later = { 4: formWith(' 41 0 R'), 10: firstPage({ annotations: ' 41 0 R' }) }
    const copy = '<</Type/Annot/Subtype/Widget/Rect[0 0 90 90]/P 10 0 R/FT/Sig/T(Eva)/V 30 0 R>>'
    expect(await verdictOf(appended(file, { ...later, 41: copy }))).toMatch(/^TOTAL-FAILED/)
  })
})

describe('what comes later', () => {
  test.each<[string, Record<number, string>]>([
    ['a form that viewers are to draw', { 4: formWith('', '/SigFlags 3/NeedAppearances true') }],
    ['a script that runs on opening', { 1: catalog('/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>') }],
    ['layers that hide what was signed', { 1: catalog('/OCProperties<</OCGs[]/D<<>>>>') }],
    [
      'an XFA form',
      { 4: formWith('', '/SigFlags 3/XFA[(template) 41 0 R]'), 41: '<</Length 0>>\nstream\n\nendstream' },
    ],
    ['a page that is turned', { 10: firstPage({ entries: '/Rotate 180' }) }],
    ['a page that is cut', { 10: firstPage({ entries: '/CropBox[0 0 10 10]' }) }],
    ['a value with the appearance of another', { 5: cityField('(Cusco)', '/AP<</N 11 0 R>>') }],
    ['an attachment', { 1: catalog('/Names<</EmbeddedFiles<</Names[]>>>>') }],
    ['usage rights', { 1: catalog('/Perms<</UR3 30 0 R>>') }],
    ['another language', { 1: catalog('/Lang(qu)') }],
  ])('%s: not valid', async (_, objects) => {
    expect(await verdictOf(appended(handSigned(), objects))).not.toBe(PASSED)
  })
})

describe('a document time-stamp in form only', () => {
  const stamp = (kind: string, type = 'DocTimeStamp') =>
    `<<${HEAD.replace('/Type/Sig/', `/Type/${type}/`).replace('ETSI.CAdES.detached', kind)}/ByteRange${RANGE}/Contents${HOLE}>>`

  test.each([
    ['DocTimeStamp', 'ETSI.CAdES.detached'],
    ['DocTimeStamp', 'ETSI.RFC3161'],
    ['Sig', 'ETSI.RFC3161'],
    ['Other', 'ETSI.CAdES.detached'],
  ])('of the type %s and the kind %s, with a signature in it, is never a valid one', async (type, kind) => {
    const report = await files.look('judge', handSigned({ dictionary: stamp(kind, type) }), { policy: trust })
    const all = 'signatures' in report ? [...report.signatures, ...report.timestamps] : []
    expect(all.map(({ indication }) => indication)).toEqual(['TOTAL-FAILED'])
  })
})
