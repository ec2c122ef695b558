import fc from 'fast-check'
import { expect, test } from 'vitest'
import { prepareFill } from '../../src/pades/fill/prepare-fill.ts'
import { bytesSource, type FieldValues, listFields, openPdf } from '../../src/pdf/index.ts'
import { buildForm } from '../../src/pdf/testing/form-builder.ts'
import { NOW } from '../../src/pki/testing/authority.ts'
import { CodedError } from '../../src/std/error.ts'
import { isLong } from '../support/hostile-run.ts'

/* Whatever is written into a form: it is refused by a typed error, or it is there afterwards, and nothing else is. */

const SEED = 20_261_121
const form = buildForm()
const NAMES = [
  'name',
  'notes',
  'code',
  'agree',
  'news',
  'city',
  'free',
  'many',
  'fixed',
  'sum',
  'kind',
  'twice',
  'group.inner',
  'Sig_A',
  'nobody',
  '__proto__',
  'constructor',
]
const HOSTILE = [
  ')',
  '(',
  '\\',
  '>>',
  'endobj',
  '%%EOF',
  '\0',
  '\u202e',
  '\u200b',
  '\ufeff',
  '\ud800',
  '🙂',
  'سلام',
  '日本',
  '\n',
  '\r',
  `\${name}`,
  '/V',
  '<',
  'e\u0301',
]

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc
    .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ maxLength: 5 })), { maxLength: 8 })
    .map((parts) => parts.join('')),
)
const value = fc.oneof(
  { weight: 5, arbitrary: text },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 3 }) },
)
const values = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), value), { minLength: 1, maxLength: 3 })
  .map((entries): FieldValues => Object.fromEntries(entries))

const valuesOf = (pdf: Uint8Array) =>
  new Map(listFields(openPdf(bytesSource(pdf))).map((field) => [field.name, field.value]))
const before = valuesOf(form)

test('values of any kind are refused, or are what the form then holds', { timeout: 600_000 }, async () => {
  const outcomes: Record<string, number> = {}
  const count = (outcome: string) => {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
  }
  const property = fc.asyncProperty(values, async (given) => {
    const start = performance.now()
    try {
      const tail = await prepareFill(bytesSource(form), { values: given, filledAt: NOW })
      expectHeld(valuesOf(Buffer.concat([form, tail])), given)
      count('filled')
    } catch (error) {
      if (!(error instanceof CodedError)) throw error
      count(String(error.details['reason'] ?? error.code))
    }
    expect(performance.now() - start).toBeLessThan(2000)
  })
  await fc.assert(property, { numRuns: isLong ? 3000 : 150, seed: SEED })
  process.stdout.write(`fuzz values: seed ${SEED}, ${JSON.stringify(outcomes)}\n`)
})

function expectHeld(after: ReadonlyMap<string, unknown>, given: FieldValues): void {
  for (const [name, held] of after) {
    const wanted = Object.hasOwn(given, name) ? given[name] : undefined
    if (wanted === undefined) expect([name, held]).toEqual([name, before.get(name)])
    else if (typeof wanted === 'string' && ['name', 'notes', 'code', 'twice', 'group.inner'].includes(name))
      expect([name, held]).toEqual([name, wanted.replace(/\r\n?/g, '\n')])
  }
}
