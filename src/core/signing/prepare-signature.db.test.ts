import { afterAll, beforeAll, expect, test } from 'vitest'
import { becomeHolder, type Holder, openCompany, upload } from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { asAnswer, bytesOf } from '../../../test/support/core-signing.ts'
import { bytesSource, findPage, openPdf } from '../../pdf/index.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { usableCertificate } from '../certificates/own-certificates.ts'
import { requireContent, type StoredDocument } from '../documents/document.ts'
import { ownDocument } from '../documents/own-document.ts'
import { prepareSignature } from './prepare-signature.ts'

let platform: CorePlatform
let ana: Holder
let document: StoredDocument

beforeAll(async () => {
  platform = await openCorePlatform()
  ana = await becomeHolder(await openCompany(platform), 'anna+1@example.com')
  const id = await upload(ana, buildPdf('table'))
  document = await ana.context.db.transaction(async (tx) => requireContent(await ownDocument(ana.context, tx, { id })))
})
afterAll(() => platform.close())

const FIELD = { page: 1, rectangle: [50, 50, 250, 110] } as const

/** Prepares a visible signature and gives the document with it. */
async function prepared(name: string, reason?: string): Promise<Buffer> {
  const certificate = await ana.context.db.transaction((tx) => usableCertificate(ana.context, tx, ana.certificate.id))
  const wish = { field: FIELD, ...(reason === undefined ? {} : { reason }) }
  const { tail } = await prepareSignature(ana.context, document, certificate, { name }, wish)
  return Buffer.concat([await bytesOf(platform, document.content.sha256), tail])
}

/** The text of the appearance of the last annotation on the first page, by the maps that its fonts carry. */
function shownText(pdf: Buffer): string {
  const read = openPdf(bytesSource(pdf))
  const annotation = read.dict(read.array(findPage(read, 0).dict.get('Annots'))?.at(-1))
  const look = read.dict(annotation?.get('AP'))?.get('N')
  const fonts = read.dict(read.dict(read.dict(look)?.get('Resources'))?.get('Font')) ?? new Map()
  const characters = [...fonts.values()].flatMap((font) => {
    const map = read.dict(font)?.get('ToUnicode')
    return map === undefined ? [] : mapped(streamOf(read, map))
  })
  return characters.join('')
}

function streamOf(read: ReturnType<typeof openPdf>, value: Uint8Array): string {
  const [, number] = /^(\d+) /.exec(Buffer.from(value).toString('latin1')) ?? []
  const object = read.object({ number: Number(number), generation: 0 })
  return object ? Buffer.from(read.streamData(object)).toString('latin1') : ''
}

/** What the codes of a map stand for. */
function mapped(map: string): string[] {
  return [...map.matchAll(/^<[0-9A-Fa-f]{4}>\s*<((?:[0-9A-Fa-f]{4})+)>$/gm)].map(([, hex = '']) =>
    Buffer.from(hex, 'hex').swap16().toString('utf16le'),
  )
}

test('a name that no font can show is refused with the character', async () => {
  expect(await prepared('Ana \u{10ffff}').catch(asAnswer)).toMatchObject({
    code: 'signing.field_unusable',
    details: { reason: 'text', codePoint: expect.anything() },
  })
})

test.each(['Анна Иванова', '王小明', 'Ana Sofía Núñez Ixcoy', 'Ελένη Παππά'])(
  'the name %s stands in the visible signature, with the font to show it',
  async (name) => {
    const pdf = await prepared(name, 'Согласен')
    const shown = shownText(pdf)
    for (const character of `${name}Согласен`.replaceAll(' ', '')) expect(shown).toContain(character)
  },
)

test('an invisible signature needs no font', async () => {
  const certificate = await ana.context.db.transaction((tx) => usableCertificate(ana.context, tx, ana.certificate.id))
  const { tail } = await prepareSignature(ana.context, document, certificate, { name: '王小明' }, {})
  expect(Buffer.from(tail).includes('/FontFile')).toBe(false)
})
