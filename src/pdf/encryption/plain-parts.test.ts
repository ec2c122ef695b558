import { describe, expect, test } from 'vitest'
import type { PdfDocument } from '../document.ts'
import { openPdf } from '../open-pdf.ts'
import { RevisionWriter } from '../revision-writer.ts'
import { bytesSource } from '../source.ts'
import { readString } from '../string-value.ts'
import { buildEncrypted, type VariantName } from '../testing/encrypted-builder.ts'
import { objectsOf, stream } from '../testing/pdf-builder.ts'
import { latin1, NULL } from '../values.ts'

const open = (bytes: Uint8Array) => openPdf(bytesSource(bytes))
const at = (number: number) => ({ number, generation: 0 })

/** The string under a key of an object. */
function text(document: PdfDocument, number: number, key: string): string | undefined {
  return readString(document.dict(at(number))?.get(key) ?? NULL)?.toString('latin1')
}

function data(document: PdfDocument, number: number): string {
  const object = document.object(at(number))
  return object ? latin1(document.streamData(object)) : 'missing'
}

describe('what is not encrypted', () => {
  const signature = '<</Type/Sig/M(D:2026)/ByteRange[0 1 2 3]/Contents<abcdef>>>'
  const objects = new Map([
    ...objectsOf({ form: true }),
    [40, stream('<x:xmpmeta/>', '/Type/Metadata/Subtype/XML')],
    [41, stream('as it is', '/Filter[/Crypt]/DecodeParms[<</Type/CryptFilterDecodeParms/Name/Identity>>]')],
    [42, stream('the default', '/Filter/Crypt/DecodeParms<</Name/StdCF>>')],
    [43, stream('also as it is', '/Filter/Crypt')],
    [44, signature],
  ])

  test.each<VariantName>(['AES-128', 'AES-256', 'RC4-128 by a crypt filter'])('%s', (name) => {
    const bytes = buildEncrypted('table', name, { objects, encryptMetadata: false })
    const file = latin1(bytes)
    for (const plain of ['<x:xmpmeta/>', 'as it is', 'also as it is', '<abcdef>']) expect(file).toContain(plain)
    for (const hidden of ['the default', 'D:2026', 'Page 1', 'Lima']) expect(file).not.toContain(hidden)
    const document = open(bytes)
    expect([40, 41, 42, 43].map((number) => data(document, number))).toEqual([
      ...['<x:xmpmeta/>', 'as it is', 'the default', 'also as it is'],
    ])
    expect(text(document, 44, 'M')).toBe('D:2026')
    expect(text(document, 44, 'Contents')).toBe('\xab\xcd\xef')
  })

  test('is written again as it was', () => {
    const bytes = buildEncrypted('stream', 'AES-256', { objects, encryptMetadata: false })
    const writer = new RevisionWriter(open(bytes))
    writer.putStream(at(40), new Map([['Type', Buffer.from('/Metadata')]]), Buffer.from('<x:new/>'))
    writer.putStream(at(43), new Map([['Filter', Buffer.from('/Crypt')]]), Buffer.from('in the open'))
    writer.put(at(44), signature.replace('abcdef', '012345'))
    const { tail } = writer.finish(Buffer.from('seed'))
    for (const plain of ['<x:new/>', 'in the open', '<012345>']) expect(latin1(tail)).toContain(plain)
    expect(latin1(tail)).not.toContain('D:2026')
    const after = open(Buffer.concat([bytes, tail]))
    expect([40, 43].map((number) => data(after, number))).toEqual(['<x:new/>', 'in the open'])
  })

  test('metadata is, unless the dictionary says otherwise', () => {
    const bytes = buildEncrypted('table', 'AES-256', { objects })
    expect(latin1(bytes)).not.toContain('xmpmeta')
    expect(data(open(bytes), 40)).toBe('<x:xmpmeta/>')
  })

  test('an object in an object stream, as the stream is; moved out of it, its strings are', () => {
    const bytes = buildEncrypted('object-streams', 'AES-128')
    const packed = open(bytes).object(at(5))
    expect([packed?.offset, packed?.stored]).toEqual([undefined, packed?.value])
    const writer = new RevisionWriter(open(bytes))
    writer.put(at(5), packed?.value ?? NULL)
    const after = open(Buffer.concat([bytes, writer.finish(Buffer.from('seed')).tail]))
    const moved = after.object(at(5))
    expect(moved?.offset).toBeGreaterThan(bytes.length)
    expect(latin1(moved?.stored ?? NULL)).not.toContain('Lima')
    expect(text(after, 5, 'V')).toBe('Lima')
  })

  test('attachments may be alone in being so', () => {
    const all = new Map([...objectsOf({}), [40, stream('attached', '/Type/EmbeddedFile')]])
    const made = latin1(buildEncrypted('table', 'AES-128', { objects: all }))
    const only = Buffer.from(made.replace('/StmF /StdCF/StrF /StdCF', '/EFF /StdCF'.padEnd(24)), 'latin1')
    expect(data(open(only), 40)).toBe('attached')
    expect(data(open(only), 11)).not.toContain('Page 1')
  })
})
