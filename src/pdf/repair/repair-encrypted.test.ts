import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../../../test/support/temporary-directory.ts'
import {
  bytesSource,
  formFields,
  NULL,
  openPdf,
  type PdfDocument,
  pages,
  RevisionWriter,
  readString,
} from '../index.ts'
import { damages, streamDamages, tableDamages } from '../testing/damage.ts'
import { buildEncrypted, variantNames } from '../testing/encrypted-builder.ts'
import { buildPdf, kinds } from '../testing/pdf-builder.ts'

const password = 'secret'
const PAGE = { number: 11, generation: 0 }
const cases = kinds.flatMap((kind) => variantNames.map((name) => [name, kind] as const))

function view(document: PdfDocument) {
  const content = document.object(PAGE)
  return {
    pages: [...pages(document)].length,
    city: readString(formFields(document)[0]?.value ?? NULL)?.toString('latin1'),
    content: content && Buffer.from(document.streamData(content)).toString('latin1'),
  }
}

describe.each(cases)('a damaged document encrypted by %s, of the kind %s,', (name, kind) => {
  const own = kind === 'table' || kind === 'hybrid' ? tableDamages : streamDamages
  const whole = { pages: 2, city: 'Lima', content: 'BT /F1 24 Tf 60 700 Td (Page 1) Tj ET' }

  test('is read with its password, or refused when no trailer is left', () => {
    for (const [what, damage] of Object.entries({ ...damages, ...own })) {
      // What is encrypted with a vector of chance may start or end like a line: then nobody can tell where.
      if (name.startsWith('AES') && /length|carriage/.test(what)) continue
      const pdf = damage(buildEncrypted(kind, name, { user: password, owner: 'chief' }))
      const open = () => openPdf(bytesSource(pdf), { damaged: 'repair', password })
      if (!/\/Encrypt \d/.test(pdf.toString('latin1'))) {
        expect(open, what).toThrow(expect.objectContaining({ details: { what: 'trailer' } }))
        continue
      }
      const document = open()
      expect(view(document), what).toEqual(whole)
      const next = Buffer.concat([pdf, new RevisionWriter(document).finish(Buffer.from('seed')).tail])
      const again = openPdf(bytesSource(next), { damaged: document.headerOffset > 0 ? 'repair' : 'refuse', password })
      expect(view(again), what).toEqual(whole)
    }
  })
})

const hasQpdf = spawnSync('qpdf', ['--version']).error === undefined

describe.skipIf(!hasQpdf)('a linearised document', () => {
  test.each([
    ['plain', []],
    ['with object streams', ['--object-streams=generate']],
    ['encrypted', ['--encrypt', password, 'chief', '256', '--']],
  ])('%s, is read strictly, and again after each damage', async (_, flags) => {
    const folder = await makeTemporaryDirectory('linearised')
    const [input, output] = [join(folder.path, 'in.pdf'), join(folder.path, 'out.pdf')]
    writeFileSync(input, buildPdf('table', { form: true, pages: 4 }))
    spawnSync('qpdf', [input, '--linearize', ...flags, output])
    const pdf = readFileSync(output)
    await folder.remove()
    expect([...pages(openPdf(bytesSource(pdf), { password }))]).toHaveLength(4)
    const { 'the length of a stream is missing': _length, ...others } = damages
    for (const [what, damage] of Object.entries(others)) {
      const document = openPdf(bytesSource(damage(pdf)), { damaged: 'repair', password })
      expect([...pages(document)], what).toHaveLength(4)
      expect(formFields(document), what).toHaveLength(3)
    }
  })
})
