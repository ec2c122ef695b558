import { describe, expect, test } from 'vitest'
import { openPdf } from '../open-pdf.ts'
import { bytesSource } from '../source.ts'
import { buildEncrypted, type VariantName } from '../testing/encrypted-builder.ts'
import { buildPdf } from '../testing/pdf-builder.ts'
import { requireSigningAllowed, type SigningKind } from './require-signing-allowed.ts'

const open = (bytes: Uint8Array, password?: string) => openPdf(bytesSource(bytes), { password })
const kinds = ['existing_field', 'new_field'] as const satisfies readonly SigningKind[]

const NOTHING = -3904
const NOTHING_IN_REVISION_2 = -64
const [PRINT, MODIFY, COPY, ANNOTATE, FILL, EXTRACT] = [4, 8, 16, 32, 256, 512]

describe('a signature needs a permission', () => {
  test.each<[string, VariantName, number, readonly SigningKind[]]>([
    ['nothing', 'AES-256', NOTHING, []],
    ['modify', 'AES-256', NOTHING | MODIFY, []],
    ['nothing, in revision 2', 'RC4-40', NOTHING_IN_REVISION_2, []],
    ['fill forms', 'AES-256', NOTHING | FILL, ['existing_field']],
    ['annotate', 'AES-128', NOTHING | ANNOTATE, ['existing_field']],
    ['fill forms and modify', 'AES-128', NOTHING | FILL | MODIFY, ['existing_field']],
    ['annotate, in revision 2', 'RC4-40', NOTHING_IN_REVISION_2 | ANNOTATE, ['existing_field']],
    ['annotate and modify', 'RC4-128', NOTHING | ANNOTATE | MODIFY, kinds],
    ['do everything', 'AES-256', -4, kinds],
  ])('when users may %s (%s)', (_, name, permissions, allowed) => {
    const bytes = buildEncrypted('stream', name, { permissions })
    for (const kind of kinds) {
      const ask = () => requireSigningAllowed(open(bytes), kind)
      if (allowed.includes(kind)) ask()
      else expect(ask).toThrow(expect.objectContaining({ code: 'pdf.permission', details: { what: kind } }))
      requireSigningAllowed(open(bytes, 'owner'), kind)
    }
  })

  test('of nobody in a plain document', () => {
    for (const kind of kinds) requireSigningAllowed(open(buildPdf('table')), kind)
  })
})

test.each<[VariantName, number, readonly string[]]>([
  ['AES-256', NOTHING, []],
  ['AES-256', NOTHING | PRINT | EXTRACT, ['print', 'extract']],
  ['AES-128', NOTHING | FILL | 1024 | 2048, ['fillForms', 'assemble', 'printHighQuality']],
  ['RC4-40', NOTHING_IN_REVISION_2 | MODIFY | COPY, ['modify', 'copy', 'extract', 'assemble']],
  ['RC4-40', NOTHING_IN_REVISION_2 | PRINT | ANNOTATE, ['print', 'annotate', 'fillForms', 'printHighQuality']],
])('%s with /P %d allows %j', (name, permissions, allowed) => {
  const flags = Object.entries(open(buildEncrypted('table', name, { permissions })).encryption?.permissions ?? {})
  expect(flags.filter(([, isAllowed]) => isAllowed).map(([flag]) => flag)).toEqual(allowed)
})
