import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { bytesSource, formFields, latin1, openPdf, type PdfDocument } from '../pdf/index.ts'
import { buildPdf } from '../pdf/testing/pdf-builder.ts'
import { NOW } from '../pki/testing/authority.ts'
import { finish, keySigner, type PrepareRequest, prepare, sign } from './index.ts'
import { ana as anaHolder, appended, authority, signed, signers } from './testing/signing.ts'

const { ana, juan } = signers
const form = buildPdf('table', { form: true })

/** The form with entries added to its first signature field, and further objects. */
function demanding(entries: string, objects: Readonly<Record<number, string>> = {}): Buffer {
  return appended(form, {
    6: `<</Type/Annot/Subtype/Widget/Rect[60 100 260 160]/P 10 0 R/F 4/FT/Sig/T(Sig_A)${entries}>>`,
    ...objects,
  })
}

const inSigA = { field: { existing: 'Sig_A' } } as const

function prepareIn(pdf: Uint8Array, request: Partial<PrepareRequest> = {}) {
  return prepare(bytesSource(pdf), { signer: ana.identity, signedAt: NOW, ...inSigA, ...request })
}

/** The text of the signature dictionary of a field. */
function signatureText(pdf: Uint8Array, name: string): string {
  const document = openPdf(bytesSource(pdf))
  const field = formFields(document).find((one) => one.name === name)
  return latin1(document.resolve(field?.value ?? Buffer.from('null')))
}

const hex = (bytes: Uint8Array) => `<${Buffer.from(bytes).toString('hex')}>`

describe('what a seed value requires is obeyed or refused', () => {
  const issuer = hex(authority.issuing.certificate)
  test.each<[string, string, Partial<PrepareRequest>, string | undefined]>([
    ['another handler', '/Ff 1/Filter/Entrust.PPKEF', {}, 'Filter'],
    ['this handler', '/Ff 1/Filter/Adobe.PPKLite', {}, undefined],
    ['another handler as a suggestion', '/Filter/Entrust.PPKEF', {}, undefined],
    ['another format', '/Ff 2/SubFilter[/adbe.pkcs7.detached]', {}, 'SubFilter'],
    ['this format among others', '/Ff 2/SubFilter[/adbe.pkcs7.detached/ETSI.CAdES.detached]', {}, undefined],
    ['a newer reader', '/Ff 4/V 4', {}, 'V'],
    ['a reason from a list', '/Ff 8/Reasons[(I agree)(I read it)]', { reason: 'Because' }, 'Reasons'],
    ['a reason from a list, and there is none', '/Ff 8/Reasons[(I agree)]', {}, 'Reasons'],
    ['a reason that is given', '/Ff 8/Reasons[(I agree)(I read it)]', { reason: 'I read it' }, undefined],
    ['no reason', '/Ff 8/Reasons[(.)]', { reason: 'Because' }, 'Reasons'],
    ['no reason, and there is none', '/Ff 8/Reasons[(.)]', {}, undefined],
    ['an attestation', '/Ff 16/LegalAttestation[(I am sober)]', {}, 'LegalAttestation'],
    ['revocation data at B-B', '/Ff 32/AddRevInfo true', {}, 'AddRevInfo'],
    ['revocation data at B-LT', '/Ff 32/AddRevInfo true', { level: 'B-LT' }, undefined],
    ['another digest', '/Ff 64/DigestMethod[/SHA512/SHA384]', {}, 'DigestMethod'],
    ['this digest', '/Ff 64/DigestMethod[/SHA512/SHA256]', {}, undefined],
    ['an appearance by its name', '/Ff 256/AppearanceFilter(Company)', {}, 'AppearanceFilter'],
    ['a time-stamp at B-B', '/TimeStamp<</URL(http://tsa.example)/Ff 1>>', {}, 'TimeStamp'],
    ['a time-stamp at B-T', '/TimeStamp<</URL(http://tsa.example)/Ff 1>>', { level: 'B-T' }, undefined],
    ['a time-stamp as a suggestion', '/TimeStamp<</URL(http://tsa.example)/Ff 0>>', {}, undefined],
    ['no certification', '/MDP<</P 0>>', { certify: 2 }, 'MDP'],
    ['another certification', '/MDP<</P 1>>', { certify: 2 }, 'MDP'],
    ['a certification that does not exist', '/MDP<</P 7>>', {}, 'MDP'],
    ['this certificate', `/Cert<</Ff 1/Subject[${hex(anaHolder.certificate)}]>>`, {}, undefined],
    ['another certificate', `/Cert<</Ff 1/Subject[${issuer}]>>`, {}, 'Cert.Subject'],
    ['this issuer', `/Cert<</Ff 2/Issuer[${issuer}]>>`, {}, undefined],
    ['another issuer', '/Cert<</Ff 2/Issuer[<3000>]>>', {}, 'Cert.Issuer'],
    ['this policy', '/Cert<</Ff 4/OID[(1.3.6.1.4.1.99999.1.1)]>>', {}, undefined],
    ['another policy', '/Cert<</Ff 4/OID[(1.2.3)]>>', {}, 'Cert.OID'],
    ['this name', '/Cert<</Ff 8/SubjectDN[<</CN(Ana Ruiz)/C(PE)>>]>>', {}, undefined],
    ['another name', '/Cert<</Ff 8/SubjectDN[<</CN(Ana Ruiz)/C(EE)>>]>>', {}, 'Cert.SubjectDN'],
    ['non-repudiation', '/Cert<</Ff 32/KeyUsage[(X1)]>>', {}, undefined],
    ['digital signature', '/Cert<</Ff 32/KeyUsage[(1XXXXXXXX)]>>', {}, 'Cert.KeyUsage'],
  ])('%s', async (_, seed, request, refused) => {
    const attempt = prepareIn(demanding(`/SV<</Type/SV${seed}>>`), request)
    if (refused === undefined) await expect(attempt).resolves.toBeDefined()
    else await expect(attempt).rejects.toMatchObject({ code: 'pades.seed_value', details: { what: refused } })
  })

  test('a certification that the field asks for is made', async () => {
    const pdf = await signed(demanding('/SV<</Type/SV/MDP<</P 2>>>>'), ana, inSigA)
    expect(signatureText(pdf, 'Sig_A')).toContain('/TransformMethod/DocMDP')
  })

  test('a document that must be locked allows nothing after', async () => {
    const pdf = await signed(demanding('/SV<</Type/SV/Ff 128/LockDocument/true>>'), ana, inSigA)
    expect(signatureText(pdf, 'Sig_A')).toMatch(/DocMDP.*\/P 1.*FieldMDP.*\/Action\/All/s)
    await expect(prepareIn(pdf, { field: { existing: 'Sig_B' } })).rejects.toMatchObject({
      code: 'pades.certified_no_changes',
    })
  })
})

describe('locks', () => {
  test.each([
    ['without an action', '/Lock<</Fields[(city)]>>'],
    ['with an unknown action', '/Lock<</Action/Some>>'],
    ['that names a number', '/Lock<</Action/Include/Fields[5]>>'],
    ['with permissions that do not exist', '/Lock<</Action/All/P 9>>'],
  ])('a lock %s is refused', async (_, entries) => {
    await expect(prepareIn(demanding(entries))).rejects.toMatchObject({ code: 'pades.field_lock' })
  })

  test('a lock beside the field’s own is refused', async () => {
    const attempt = prepareIn(demanding('/Lock<</Action/All>>'), { lock: { action: 'All', fields: [] } })
    await expect(attempt).rejects.toMatchObject({ code: 'pades.field_lock' })
  })

  test.each([
    ['includes', '/Lock<</Type/SigFieldLock/Action/Include/Fields[(Sig_B)]>>'],
    ['excludes', '/Lock 20 0 R'],
  ])('a lock that %s fields binds whoever comes after', async (_, entries) => {
    const indirect = { 20: '<</Type/SigFieldLock/Action/Exclude/Fields[(city)]>>' }
    const pdf = await signed(demanding(entries, indirect), ana, inSigA)
    expect(signatureText(pdf, 'Sig_A')).toContain('/TransformMethod/FieldMDP')
    await expect(prepareIn(pdf, { field: { existing: 'Sig_B' } })).rejects.toMatchObject({ code: 'pades.field_locked' })
  })

  test('the permissions of a lock are those of the document from then on', async () => {
    const pdf = await signed(demanding('/Lock<</Action/Include/Fields[(city)]/P 1>>'), ana, inSigA)
    await expect(prepareIn(pdf, { field: { existing: 'Sig_B' } })).rejects.toMatchObject({
      code: 'pades.certified_no_changes',
    })
  })

  test('the caller may lock fields that the field does not', async () => {
    const pdf = await signed(form, ana, { ...inSigA, lock: { action: 'Include', fields: ['Sig_B'] } })
    await expect(prepareIn(pdf, { field: { existing: 'Sig_B' } })).rejects.toMatchObject({ code: 'pades.field_locked' })
  })
})

describe('certifications', () => {
  const permissionsOf = (document: PdfDocument) => document.dict(document.catalog.get('Perms'))

  test('a certification after a signature is refused', async () => {
    const once = await signed(form, ana, inSigA)
    await expect(prepareIn(once, { field: {}, certify: 2 })).rejects.toMatchObject({ code: 'pades.certification' })
  })

  test.each([1, 2, 3] as const)('a certification of level %i is named by the catalog', async (certify) => {
    const pdf = await signed(form, ana, { certify })
    expect(permissionsOf(openPdf(bytesSource(pdf)))?.has('DocMDP')).toBe(true)
    expect(signatureText(pdf, 'Signature1')).toContain(`/DocMDP/TransformParams<</Type/TransformParams/P ${certify}`)
    const next = prepareIn(pdf, { field: { existing: 'Sig_B' } })
    if (certify === 1) await expect(next).rejects.toMatchObject({ code: 'pades.certified_no_changes' })
    else await expect(next).resolves.toBeDefined()
  })

  test('what the catalog permits already stays', async () => {
    const before = buildPdf('table', { catalog: '/Perms<</UR3 3 0 R>>' })
    const after = openPdf(bytesSource(await signed(before, ana, { certify: 2 })))
    expect([...(permissionsOf(after)?.keys() ?? [])]).toEqual(['UR3', 'DocMDP'])
  })
})

describe('keys of our own', () => {
  test('a key that is not the certificate’s is refused', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(() => keySigner(ana.identity, privateKey)).toThrow(
      expect.objectContaining({ code: 'pades.wrong_signature' }),
    )
  })

  test('a key that is signs like any other signer', async () => {
    const prepared = await prepareIn(form)
    const own = keySigner(ana.identity, anaHolder.key)
    const container = (await sign(prepared, own)).container
    expect(finish(await sign(prepared, own)).length).toBe(finish(await sign(prepared, ana)).length)
    expect(container.length).toBeLessThanOrEqual(prepared.hole.bytes)
    await expect(sign(await prepareIn(form, { signer: juan.identity }), own)).rejects.toMatchObject({
      code: 'pades.signer_changed',
    })
  })
})
