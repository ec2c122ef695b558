import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type OpenOptions, openPdf } from '../open-pdf.ts'
import { PdfError } from '../pdf-error.ts'
import { RevisionWriter } from '../revision-writer.ts'
import { bytesSource } from '../source.ts'
import {
  buildEncrypted,
  ENCRYPTION_NUMBER,
  type EncryptOptions,
  type VariantName,
} from '../testing/encrypted-builder.ts'
import { buildPdf, type Kind, objectsOf, stream, writePdf } from '../testing/pdf-builder.ts'

const open = (bytes: Uint8Array, options: OpenOptions = {}) => openPdf(bytesSource(bytes), options)

/** The code of the error, with the spot where a damaged file has it. */
function codeOf(read: () => unknown): string {
  try {
    read()
    return 'no error'
  } catch (error) {
    if (!(error instanceof PdfError)) throw error
    return error.details['what'] === undefined ? error.code : `${error.code} ${error.details['what']}`
  }
}

function forged(name: VariantName, entries: Record<string, string>, options: EncryptOptions = {}): string {
  return codeOf(() => open(buildEncrypted('table', name, { ...options, forged: entries }), { password: 'owner' }))
}

describe('a password is refused', () => {
  test.each<[VariantName]>([['RC4-40'], ['RC4-128'], ['AES-128'], ['AES-256 of revision 5'], ['AES-256']])(
    'that is missing or wrong: %s',
    (name) => {
      const bytes = buildEncrypted('table', name, { user: 'secret', owner: 'chief' })
      for (const password of [undefined, '', 'Secret', 'secret ', 'chie', 'x'.repeat(5000)])
        expect(codeOf(() => open(bytes, { password }))).toBe('pdf.password_needed')
    },
  )

  test('without saying which one was tried', () => {
    const bytes = buildEncrypted('table', 'AES-256', { user: 'secret' })
    expect(() => open(bytes, { password: 'geheim' })).toThrow(/^(?!.*(geheim|secret)).*$/s)
  })
})

describe('an encryption is refused by name', () => {
  test.each<[string, VariantName, Record<string, string>]>([
    ['certificates instead of passwords', 'AES-128', { Filter: '/Adobe.PubSec' }],
    ['a handler that nobody knows', 'AES-128', { Filter: '/FOPN_fLock' }],
    ['version 3, which was never published', 'RC4-128', { V: '3' }],
    ['version 0', 'RC4-128', { V: '0' }],
    ['version 6 with revision 7', 'AES-256', { V: '6', R: '7' }],
    ['revision 7', 'AES-256', { R: '7' }],
    ['a revision of another version', 'AES-256', { R: '4' }],
    ['a method of its own', 'AES-128', { CF: '<</StdCF<</CFM/None>>>>' }],
    ['a method of another version', 'AES-256', { CF: '<</StdCF<</CFM/V2>>>>' }],
  ])('%s', (_, name, entries) => {
    expect(forged(name, entries)).toBe('pdf.unsupported_encryption')
  })
})

describe('an encryption dictionary is damaged', () => {
  test.each<[string, VariantName, Record<string, string>]>([
    ['without a handler', 'AES-128', { Filter: 'null' }],
    ['whose version is a text', 'AES-128', { V: '(4)' }],
    ['whose version is another object', 'AES-128', { V: '1 0 R' }],
    ['with a short /O', 'RC4-128', { O: '<00112233>' }],
    ['with a short /U', 'RC4-40', { U: `<${'00'.repeat(31)}>` }],
    ['with an /O of the older length', 'AES-256', { O: `<${'00'.repeat(32)}>` }],
    ['without /UE', 'AES-256', { UE: 'null' }],
    ['with a short /OE', 'AES-256', { OE: '<00>' }],
    ['without /Perms', 'AES-256', { Perms: 'null' }],
    ['with a key of no bits', 'RC4-128', { Length: '0' }],
    ['with a key of 39 bits', 'RC4-128', { Length: '39' }],
    ['with a key of two billion bits', 'RC4-128', { Length: '2000000000' }],
    ['with a key of less than none', 'RC4-128', { Length: '-128' }],
    ['with permissions beyond 32 bits', 'RC4-128', { P: '4294967296' }],
    ['without permissions', 'RC4-128', { P: 'null' }],
    ['whose strings name no filter', 'AES-128', { StrF: '/Other' }],
    ['whose filter is not a dictionary', 'AES-128', { CF: '<</StdCF/AESV2>>' }],
    ['that leaves open whether metadata is encrypted', 'AES-128', { EncryptMetadata: '/Yes' }],
  ])('%s', (_, name, entries) => {
    expect(forged(name, entries)).toBe('pdf.damaged encryption')
  })

  test.each<[string, Kind, string, string]>([
    ['that leads to itself', 'table', '60 0 R', '/Encrypt is not a dictionary'],
    ['that leads on', 'table', '1 0 R', '/Encrypt is not a dictionary'],
    ['that is an array', 'stream', '[]', '/Encrypt is not a dictionary'],
    ['that lies in an object stream', 'object-streams', '<</Filter/Standard>>', '/Encrypt lies in an object stream'],
  ])('%s', (_, kind, body, message) => {
    const objects = new Map([...objectsOf({}), [60, body]])
    const bytes = writePdf(kind, objects, '\n', { trailer: '/Encrypt 60 0 R', seal: (_number, text) => text })
    expect(() => open(bytes)).toThrow(message)
  })
})

describe('permissions are damaged', () => {
  test.each<[string, VariantName, Record<string, string>]>([
    ['when /P was changed', 'AES-256', { P: '-1' }],
    ['when /P was changed in revision 5', 'AES-256 of revision 5', { P: '-1' }],
    ['when the metadata is said to be plain', 'AES-256', { EncryptMetadata: 'false' }],
    ['when they are another text', 'AES-256', { Perms: `<${'00'.repeat(16)}>` }],
  ])('%s', (_, name, entries) => {
    expect(forged(name, entries, { permissions: -3904 })).toBe('pdf.damaged encryption_permissions')
  })

  test('in an older version, where they are part of the key, then no password fits', () => {
    expect(forged('AES-128', { P: '-1' }, { permissions: -3904 })).toBe('pdf.password_needed')
  })
})

describe('a revision is refused', () => {
  const plain = buildPdf('table', { form: true })
  const encrypted = buildEncrypted('table', 'AES-128')
  const later = (bytes: Buffer, change: (tail: string) => string) => {
    const tail = new RevisionWriter(open(bytes)).finish(Buffer.from('later')).tail
    return Buffer.concat([bytes, Buffer.from(change(Buffer.from(tail).toString('latin1')), 'latin1')])
  }
  const encryption = '<</Filter/Standard/V 1/R 2/P -4/O(0)/U(0)>>'

  test.each<[string, Buffer]>([
    ['that adds an encryption', later(plain, (tail) => tail.replace('/Root', `/Encrypt ${encryption}/Root`))],
    ['that drops the encryption', later(encrypted, (tail) => tail.replace('/Encrypt', '/Was'))],
    [
      'that names another encryption',
      later(encrypted, (tail) => tail.replace(/\/Encrypt \d+ 0 R/, `/Encrypt ${encryption}`)),
    ],
  ])('%s', (_, bytes) => {
    expect(codeOf(() => open(bytes))).toBe('pdf.damaged encryption')
  })

  test('that changes the object of the encryption', () => {
    const writer = new RevisionWriter(open(encrypted))
    writer.put({ number: ENCRYPTION_NUMBER, generation: 0 }, encryption, { encrypted: true })
    const bytes = Buffer.concat([encrypted, writer.finish(Buffer.from('later')).tail])
    expect(codeOf(() => open(bytes))).toBe('pdf.damaged encryption')
  })
})

describe('what is encrypted is damaged', () => {
  const read = (objects: Record<number, string>, number: number) => {
    const all = new Map(objectsOf({ form: true }))
    for (const [own, body] of Object.entries(objects)) all.set(Number(own), body)
    // The writer cannot make what is wrong, so that the values are replaced in what it made.
    const made = buildEncrypted('table', 'AES-128', { objects: all }).toString('latin1')
    return { made, readIt: (text: string) => codeOf(() => readNumber(Buffer.from(text, 'latin1'), number)) }
  }
  const readNumber = (bytes: Buffer, number: number) => {
    const document = open(bytes)
    const object = document.object({ number, generation: 0 })
    if (object?.streamOffset !== undefined) document.streamData(object)
  }
  const cut = (text: string, digits: number) =>
    text.replace(
      /\/Marked <([0-9a-f]+)>/,
      (_, hex: string) => `/Marked <${hex.slice(0, digits)}${' '.repeat(hex.length - digits)}>`,
    )

  test.each([
    ['a string of five bytes', 10],
    ['a string of a vector alone', 32],
    ['a string that ends inside a block', 70],
  ])('%s', (_, digits) => {
    const { made, readIt } = read({ 40: `<</Marked (${'x'.repeat(40)})>>` }, 40)
    expect(readIt(made)).toBe('no error')
    expect(readIt(cut(made, digits))).toBe('pdf.damaged encrypted_data')
  })

  test('a string whose padding is wrong', () => {
    const { made, readIt } = read({ 40: '<</Marked (text)>>' }, 40)
    const zeros = made.replace(/\/Marked <[0-9a-f]+>/, (all) => `/Marked <${'0'.repeat(all.length - 10)}>`)
    expect(readIt(zeros)).toBe('pdf.damaged encrypted_data')
  })

  test('a stream that names a filter of its own which is not there', () => {
    const { made, readIt } = read({ 40: stream('x', '/Filter/Crypt/DecodeParms<</Name/Identity>>') }, 40)
    expect(readIt(made)).toBe('no error')
    expect(readIt(made.replace('/Name/Identity', '/Name/Idontity'))).toBe('pdf.damaged encryption')
  })

  test('a stream of a plain file that names a crypt filter', () => {
    const plain = (entries: string) =>
      codeOf(() => readNumber(writePdf('table', new Map([...objectsOf({}), [40, stream('x', entries)]])), 40))
    expect(plain('/Filter/Crypt/DecodeParms<</Name/StdCF>>')).toBe('pdf.damaged filter')
    expect(plain('/Filter/Crypt/DecodeParms<</Name(Identity)>>')).toBe('pdf.damaged filter')
    expect(plain('/Filter/Crypt/DecodeParms<</Name/Identity>>')).toBe('no error')
    expect(plain('/Filter/Crypt')).toBe('no error')
    // What is encrypted is what the file has, not what comes out of another filter.
    expect(plain('/Filter[/FlateDecode/Crypt]')).toBe('pdf.damaged filter')
  })
})

describe('a file that is cut or changed anywhere is read, or refused by the error of this folder', () => {
  const readAll = (bytes: Uint8Array) => {
    const document = open(bytes, { password: 'secret' })
    for (let number = 1; number < document.firstFreeNumber; number++) {
      const object = document.object({ number, generation: 0 })
      if (object?.streamOffset !== undefined) document.streamData(object)
    }
  }

  test.each<[VariantName, Kind]>([
    ['RC4-128', 'table'],
    ['AES-128', 'object-streams'],
    ['AES-256', 'hybrid'],
  ])('%s, of the kind %s', (name, kind) => {
    const whole = buildEncrypted(kind, name, { user: 'secret' })
    readAll(whole)
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.boolean(), (place, byte, isCut) => {
        const bytes = Buffer.from(isCut ? whole.subarray(0, place) : whole)
        if (!isCut) bytes[place] = byte
        codeOf(() => readAll(bytes))
      }),
      { numRuns: 250 },
    )
  })
})
