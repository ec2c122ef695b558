import { describe, expect, test } from 'vitest'
import { bytesSource, formFields, openPdf } from '../pdf/index.ts'
import { buildPdf } from '../pdf/testing/pdf-builder.ts'
import type { PadesErrorCode } from './pades-error.ts'
import {
  permissionsInForce,
  requireAnnotating,
  requireFilling,
  requireNewFields,
  requirePageChange,
  requireSigning,
} from './permissions.ts'
import type { PrepareRequest } from './prepare.ts'
import { formWith } from './testing/attacks/samples.ts'
import { appended, signed, signers } from './testing/signing.ts'

const form = buildPdf('table', { form: true })
const after = (request: Partial<PrepareRequest>) =>
  signed(form, signers.ana, { field: { existing: 'Sig_A' }, ...request })

const files = {
  unsigned: form,
  signed: await after({}),
  'certified 1': await after({ certify: 1 }),
  'certified 2': await after({ certify: 2 }),
  'certified 3': await after({ certify: 3 }),
  'locked city': await after({ lock: { action: 'Include', fields: ['city'] } }),
  'locked but city': await after({ lock: { action: 'Exclude', fields: ['city'] } }),
  'locked all': await after({ lock: { action: 'All', fields: [] } }),
  'locked for all': await after({ lock: { action: 'Include', fields: ['x'], permissions: 1 } }),
  'with an XFA form': appended(form, { 4: formWith('', '/XFA(x)') }),
}

type Name = keyof typeof files
type Verdict = PadesErrorCode | 'allowed'

function open(name: Name) {
  const document = openPdf(bytesSource(files[name]))
  return [document, formFields(document)] as const
}

const intents = {
  sign: (name: Name) => requireSigning(...open(name), 'Sig_B'),
  fill: (name: Name) => requireFilling(...open(name), ['city']),
  'add fields': (name: Name) => requireNewFields(...open(name)),
  annotate: (name: Name) => requireAnnotating(...open(name)),
  'change pages': (name: Name) => requirePageChange(...open(name)),
}

const none = 'pades.certified_no_changes'
const locked = 'pades.field_locked'
const certified = 'pades.certified'
const xfa = 'pades.xfa'

describe.each<[Name, readonly Verdict[]]>([
  ['with an XFA form', [xfa, xfa, xfa, xfa, xfa]],
  ['certified 1', [none, none, none, none, 'pades.signed']],
  ['certified 2', ['allowed', 'allowed', certified, certified, 'pades.signed']],
  ['certified 3', ['allowed', 'allowed', certified, 'allowed', 'pades.signed']],
  ['locked city', ['allowed', locked, 'allowed', 'allowed', 'pades.signed']],
  ['locked but city', [locked, 'allowed', 'allowed', 'allowed', 'pades.signed']],
  ['locked all', [locked, locked, 'allowed', 'allowed', 'pades.signed']],
  ['locked for all', [none, none, none, none, 'pades.signed']],
  ['signed', ['allowed', 'allowed', 'allowed', 'allowed', 'pades.signed']],
  ['unsigned', ['allowed', 'allowed', 'allowed', 'allowed', 'allowed']],
])('a document that is %s', (name, verdicts) => {
  test.each(Object.entries(intents).map(([intent, ask], i) => [intent, verdicts[i], ask] as const))(
    'to %s: %s',
    (_, expected, ask) => {
      let said: unknown = 'allowed'
      try {
        ask(name)
      } catch (error) {
        said = error instanceof Error && 'code' in error ? error.code : error
      }
      expect(said).toBe(expected)
    },
  )
})

describe('a level or an action that nobody knows counts as the strictest', () => {
  const reference = (method: string, parameters: string) =>
    appended(form, {
      6: '<</FT/Sig/T(Sig_A)/V 20 0 R>>',
      20: `<</Type/Sig/Reference[<</TransformMethod/${method}/TransformParams<<${parameters}>>>>]>>`,
    })
  const inForce = (pdf: Buffer) => {
    const document = openPdf(bytesSource(pdf))
    return permissionsInForce(document, formFields(document))
  }

  test.each([
    ['/P 9', 1],
    ['/P(x)', 1],
    ['/P 0', 1],
    ['', 2],
    ['/P 3', 3],
  ])('level %s', (parameters, level) => {
    expect(inForce(reference('DocMDP', parameters)).level).toBe(level)
  })

  test.each([
    ['', 'All'],
    ['/Action/Some/Fields[(x)]', 'All'],
    ['/Action/Include/Fields[(x)]', 'Include'],
  ])('action %s', (parameters, action) => {
    expect(inForce(reference('FieldMDP', parameters)).locks[0]?.action).toBe(action)
  })
})
