import { describe, expect, test } from 'vitest'
import type { PdfDocument } from '../document.ts'
import { formFields } from '../form/acro-form.ts'
import { type OpenOptions, openPdf } from '../open-pdf.ts'
import { RevisionWriter } from '../revision-writer.ts'
import { bytesSource } from '../source.ts'
import { readString } from '../string-value.ts'
import { buildEncrypted, type EncryptOptions, type VariantName, variantNames } from '../testing/encrypted-builder.ts'
import { buildPdf, type Kind, kinds } from '../testing/pdf-builder.ts'
import { latin1, NULL } from '../values.ts'

const open = (bytes: Uint8Array, options: OpenOptions = {}) => openPdf(bytesSource(bytes), options)
const at = (number: number) => ({ number, generation: 0 })

/** The string under a key of an object. */
function text(document: PdfDocument, number: number, key: string): string | undefined {
  return readString(document.dict(at(number))?.get(key) ?? NULL)?.toString('latin1')
}

function data(document: PdfDocument, number: number): string {
  const object = document.object(at(number))
  return object ? latin1(document.streamData(object)) : 'missing'
}

const SECRETS = { user: 'secret', owner: 'chief' }
const cases = kinds.flatMap((kind) => variantNames.map((name) => [name, kind] as const))

describe.each(cases)('%s in a document of the kind %s', (name, kind) => {
  test.each([
    ['user', SECRETS.user],
    ['owner', SECRETS.owner],
  ])('opens for the %s', (role, password) => {
    const document = open(buildEncrypted(kind, name, SECRETS), { password })
    expect(document.encryption?.authenticatedAs).toBe(role)
    expect(formFields(document).map((field) => field.name)).toEqual(['city', 'Sig_A', 'Sig_B'])
    expect(text(document, 5, 'V')).toBe('Lima')
    expect(data(document, 13)).toBe('BT /F1 24 Tf 60 700 Td (Page 2) Tj ET')
  })

  test('takes a new revision, and so does what that leaves', () => {
    let bytes = buildEncrypted(kind, name, SECRETS)
    for (const role of ['secret', 'chief', 'secret']) bytes = withRevision(bytes, role)
    const document = open(bytes, { password: SECRETS.owner })
    expect(document.revisions).toHaveLength(4)
    expect(text(document, 5, 'V')).toBe('Lima, Lima, Lima, Lima')
    expect(data(document, 13)).toBe('(Page two)')
    expect(text(document.before(3), 5, 'V')).toBe('Lima')
  })

  test('is the same after each revision for who has it open', () => {
    const before = buildEncrypted(kind, name, SECRETS)
    const document = open(withRevision(before, 'secret'), { password: SECRETS.user })
    const earlier = open(before, { unlocked: document.encryption })
    expect(earlier.encryption).toBe(document.encryption)
    expect(text(earlier, 5, 'V')).toBe('Lima')
  })
})

/** Changes a field and a page, by what is there. */
function withRevision(bytes: Buffer, password: string): Buffer {
  const document = open(bytes, { password })
  const writer = new RevisionWriter(document)
  const field = latin1(writer.current(at(5)) ?? NULL)
  const value = text(document, 5, 'V') ?? ''
  writer.put(at(5), field.replace(/\/V\s*(<[^>]*>|\([^)]*\))/, `/V(${value}, Lima)`))
  writer.putStream(at(13), new Map([['Note', Buffer.from('(a string beside data)')]]), Buffer.from('(Page two)'))
  return Buffer.concat([bytes, writer.finish(Buffer.from(value)).tail])
}

test.each(variantNames)('%s whose cross-references are lost is opened with the password, and written to', (name) => {
  for (const kind of kinds) {
    const whole = latin1(buildEncrypted(kind, name, SECRETS))
    const bytes = Buffer.from(whole.replace(/startxref\n\d+/, 'startxref\n7'), 'latin1')
    const document = open(bytes, { password: SECRETS.user, damaged: 'repair' })
    expect(document.findings).not.toEqual([])
    expect(text(document, 5, 'V')).toBe('Lima')
    const writer = new RevisionWriter(document)
    writer.put(at(6), '<</T(Firma)>>')
    const after = open(Buffer.concat([bytes, writer.finish(Buffer.from('seed')).tail]), { password: SECRETS.owner })
    expect([text(after, 5, 'V'), text(after, 6, 'T'), after.findings]).toEqual(['Lima', 'Firma', []])
  }
})

describe('everybody opens a document without a user password', () => {
  test.each(variantNames)('%s', (name) => {
    const bytes = buildEncrypted('table', name, { permissions: -4 })
    for (const password of [undefined, '', 'not the owner'])
      expect(open(bytes, { password }).encryption?.authenticatedAs).toBe('user')
    expect(open(bytes, { password: 'owner' }).encryption?.authenticatedAs).toBe('owner')
  })
})

test.each(variantNames)('%s with its dictionary in the trailer', (name) => {
  for (const kind of kinds) {
    const document = open(buildEncrypted(kind, name, { inTrailer: true }))
    expect(text(document, 5, 'V')).toBe('Lima')
    expect(text(open(withRevision(buildEncrypted(kind, name, { inTrailer: true }), '')), 5, 'V')).toBe('Lima, Lima')
  }
})

describe('a password beyond ASCII', () => {
  test.each<[VariantName, string, string]>([
    ['AES-256', 'contraseña\u00ad', 'contraseña'],
    ['AES-256', 'ﬁrma Ⅸ', 'firma IX'],
    ['AES-256 of revision 5', 'A\u030angstro\u0308m', 'Ångström'],
    ['AES-128', 'ñandú', 'ñandú'],
  ])('opens %s when typed as %j', (name, typed, kept) => {
    expect(open(buildEncrypted('table', name, { user: kept }), { password: typed }).encryption?.authenticatedAs).toBe(
      'user',
    )
    expect(
      open(buildEncrypted('table', name, { user: 'x', owner: kept }), { password: typed }).encryption?.authenticatedAs,
    ).toBe('owner')
  })

  test('counts 32 bytes in an old version and 127 in a new one', () => {
    const long = 'x'.repeat(300)
    const isOpen = (name: VariantName, length: number, options: EncryptOptions) =>
      open(buildEncrypted('table', name, options), { password: long.slice(0, length) }).encryption !== undefined
    expect(isOpen('AES-128', 300, { user: long.slice(0, 40) })).toBe(true)
    expect(isOpen('AES-256', 300, { user: long.slice(0, 127) })).toBe(true)
  })
})

describe('what is written', () => {
  const write = (kind: Kind, random?: (bytes: number) => Uint8Array) => {
    const document = open(buildEncrypted(kind, 'AES-256'))
    const writer = new RevisionWriter(document, random ? { random } : {})
    writer.put(at(5), '<</V(Lima)>>')
    writer.put(at(6), `<</T${writer.encryptString(at(6), Buffer.from('Firma'))}>>`, { encrypted: true })
    return Buffer.concat([Buffer.from(document.source.read(0, 1e6)), writer.finish(Buffer.from('seed')).tail])
  }

  test.each(kinds)('has another vector each time, in a document of the kind %s', (kind) => {
    const [first, second] = [write(kind), write(kind)].map((bytes) => latin1(open(bytes).object(at(5))?.stored ?? NULL))
    expect(first).not.toBe(second)
  })

  test('is the same for the same chance', () => {
    const random = (bytes: number) => Buffer.alloc(bytes, 7)
    const [first, second] = [write('table', random), write('table', random)].map((bytes) => open(bytes).object(at(5)))
    expect(first?.stored).toEqual(second?.stored)
  })

  test('by hand is read like the rest', () => {
    expect(text(open(write('stream')), 6, 'T')).toBe('Firma')
  })

  test('keeps the first part of the identifier, even none at all', () => {
    const bytes = buildEncrypted('table', 'AES-256')
    const without = Buffer.from(
      latin1(bytes).replace(/\/ID\[.*?\]/, (all) => ' '.repeat(all.length)),
      'latin1',
    )
    const tail = latin1(new RevisionWriter(open(without)).finish(Buffer.from('seed')).tail)
    expect(tail).toMatch(/\/ID \[<><[0-9a-f]{32}>\]/)
    expect(latin1(new RevisionWriter(open(bytes)).finish(Buffer.from('seed')).tail)).toContain('[<0011223344')
  })
})

test('a plain document has no encryption, and its values are the slices of the file', () => {
  const document = open(buildPdf('table', { form: true }), { password: 'whatever' })
  expect(document.encryption).toBeUndefined()
  const field = document.object(at(5))
  expect(field?.stored).toBe(field?.value)
  expect(new RevisionWriter(document).encryptString(at(5), Buffer.from('ab'))).toBe('<6162>')
})
