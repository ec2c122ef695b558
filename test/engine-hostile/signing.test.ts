import { describe, expect, test } from 'vitest'
import { overwritten, report, signed, signers, trust } from '../../src/pades/testing/signing.ts'
import { buildForm } from '../../src/pdf/testing/form-builder.ts'
import { buildPdf } from '../../src/pdf/testing/pdf-builder.ts'
import { hostileFiles } from '../support/hostile-confinement.ts'

/* What earlier signatures forbid, and values of forms that want to be more than values. */

const files = await hostileFiles('signing')
const plain = buildForm()
const { ana, juan } = signers
const forbidden = { refused: 'pades.certified_no_changes' }

describe('a document that somebody signed', () => {
  test('is signed again, and both signatures are valid', async () => {
    const twice = await signed(await signed(plain, ana), juan)
    expect((await report(twice)).signatures.map(({ indication }) => indication)).toEqual([
      'TOTAL-PASSED',
      'TOTAL-PASSED',
    ])
    expect(await files.look('admit', twice, { policy: trust })).toBe('TOTAL-PASSED')
  })

  test('is neither admitted nor signed nor filled when its certification allows nothing', async () => {
    const certified = await signed(plain, ana, { certify: 1 })
    expect(await files.look('admit', certified, { policy: trust })).toMatchObject(forbidden)
    expect(await files.look('sign', certified, {})).toMatchObject(forbidden)
    expect(await files.look('sign', certified, { field: 'Sig_A' })).toMatchObject(forbidden)
    expect(await files.look('fill', certified, { values: { name: 'Ana' } })).toMatchObject(forbidden)
  })

  test.each([2, 3] as const)('is signed and filled when its certification is of level %i', async (certify) => {
    const certified = await signed(plain, ana, { certify })
    expect(await files.look('sign', certified, { field: 'Sig_A' })).toEqual({ signed: true })
    expect(await files.look('fill', certified, { values: { name: 'Ana' } })).toMatchObject({
      filled: expect.anything(),
    })
    const twice = await signed(certified, juan, { field: { existing: 'Sig_A' } })
    expect((await report(twice)).signatures.map(({ indication }) => indication)).toEqual([
      'TOTAL-PASSED',
      'TOTAL-PASSED',
    ])
  })

  test('keeps its locked fields as they are', async () => {
    const all = await signed(plain, ana, { lock: { action: 'All', fields: [] } })
    const two = await signed(plain, ana, { lock: { action: 'Include', fields: ['name', 'Sig_A'] } })
    const locked = { refused: 'pades.field_locked' }
    expect(await files.look('fill', all, { values: { code: 'A' } })).toMatchObject(locked)
    expect(await files.look('fill', two, { values: { name: 'Ana' } })).toMatchObject(locked)
    expect(await files.look('fill', two, { values: { code: 'A' } })).toMatchObject({ filled: expect.anything() })
    expect(await files.look('sign', two, { field: 'Sig_A' })).toMatchObject(locked)
    expect(await files.look('sign', two, { field: 'Sig_B' })).toEqual({ signed: true })
  })

  test('is not admitted as valid when the signature is broken', async () => {
    const broken = overwritten(await signed(buildPdf('table'), ana), '(Page 1)', '(Page 9)')
    expect(await files.look('admit', broken, { policy: trust })).toBe('TOTAL-FAILED')
  })

  test('is admitted with doubts when nobody knows the authority', async () => {
    const pdf = await signed(plain, ana)
    expect(await files.look('admit', pdf, { policy: { ...trust, trustAnchors: [] } })).toBe('INDETERMINATE')
  })
})

const VARIABLE = `\${name}`

describe('a form', () => {
  test.each<[string, Record<string, string>, string]>([
    ['an unknown field', { nobody: 'x' }, 'unknown'],
    ['a field named by a variable', { [VARIABLE]: 'x' }, 'unknown'],
    ['a field named like what every object has', { constructor: 'x', __proto__x: 'y' }, 'unknown'],
    ['a field that may only be read', { fixed: 'x' }, 'read_only'],
    ['a field that is computed', { sum: '1' }, 'calculated'],
    ['more text than the field takes', { code: '1234567' }, 'too_long'],
    ['more text than any field takes', { notes: 'x'.repeat(100_000) }, 'too_long'],
    ['an override of the direction', { name: 'gnp.exe\u202e' }, 'character'],
    ['a space without width', { name: 'A\u200bna' }, 'character'],
    ['a zero', { name: 'A\0na' }, 'character'],
    ['half a character', { name: 'A\ud800' }, 'character'],
  ])('does not take %s', async (_, values, reason) => {
    expect(await files.look('fill', plain, { values })).toMatchObject({ refused: 'pdf.form', details: { reason } })
  })

  test.each([
    ['a variable', VARIABLE],
    ['a variable in a variable', `\${a\${b}}`],
    ['an end of its string', ') /AA << /JS (app.alert(1)) >> ('],
    ['an end of its object', 'x endobj 1 0 obj <</Type/Catalog>> endobj'],
    ['markup', '<img src=x onerror=alert(1)>'],
    ['a backslash at its end', 'x\\'],
    ['Arabic and Latin', 'اسم Ana 42'],
    ['a letter of many marks', `a${'\u0301'.repeat(200)}`],
  ])('takes %s for the text that it is', async (_, value) => {
    const result = await files.look('fill', plain, { values: { name: value } })
    const filled = 'filled' in result ? result.filled : Buffer.alloc(0)
    const shown = await files.look('fields', Buffer.concat([plain, filled]), {})
    expect(shown).toMatchObject({ name: value })
    expect(shown).toMatchObject({ notes: undefined, fixed: 'fixed' })
  })

  test('that leaves the drawing to viewers is drawn here, and the wish taken away', async () => {
    const wishing = buildForm('table', { form: '/NeedAppearances true' })
    const result = await files.look('fill', wishing, { values: { name: 'Ana' } })
    const filled = 'filled' in result ? Buffer.from(result.filled).toString('latin1') : ''
    expect(filled).not.toContain('NeedAppearances')
    expect(filled.match(/\/AP\b/g)?.length).toBeGreaterThan(4)
  })
})
