import { describe, expect, test } from 'vitest'
import { Budget } from './budget.ts'
import { bytesSource, defaultLimits, formFields, listFields, openPdf, PdfError, RevisionWriter } from './index.ts'
import { codeOf } from './testing/code-of.ts'
import { objectsOf, writePdf } from './testing/pdf-builder.ts'
import { plainTypesetter } from './testing/plain-typesetter.ts'
import { FontBook } from './text/font-book.ts'
import { readWindow } from './window.ts'

/* What is counted over a whole document: each part is small, and there are many of them, or they are read many times. */

function documentOf(changes: Readonly<Record<number, string>>, limits = defaultLimits) {
  const objects = objectsOf({ form: true })
  for (const [number, body] of Object.entries(changes)) objects.set(Number(number), body)
  return openPdf(bytesSource(writePdf('table', objects)), { limits })
}

const list = (count: number, item: (i: number) => string) => Array.from({ length: count }, (_, i) => item(i)).join(' ')

describe('a budget', () => {
  const limits = { ...defaultLimits, decodedBytes: 100 }

  test('stops what one state of a document spends', () => {
    const budget = new Budget(limits)
    budget.spend('decodedBytes', 100)
    expect(codeOf(() => budget.spend('decodedBytes', 1))).toBe('decoded_bytes')
  })

  test('stops what many states of a file spend together', () => {
    const budget = new Budget(limits)
    for (let state = 0; state < 10; state++) budget.fork().spend('decodedBytes', 100)
    expect(codeOf(() => budget.fork().spend('decodedBytes', 1))).toBe('decoded_bytes')
  })

  test('of a state has what was left when it came to be', () => {
    const budget = new Budget(limits)
    budget.spend('decodedBytes', 60)
    const state = budget.fork()
    state.spend('decodedBytes', 40)
    expect([budget.left('decodedBytes'), state.left('decodedBytes')]).toEqual([40, 0])
  })
})

describe('an object', () => {
  const digits = bytesSource(Buffer.alloc(100_000, '1'))
  const readDigits = (until: number, limits = defaultLimits) => {
    const budget = new Budget(limits)
    readWindow(digits, 0, budget, (window) => {
      if (window.length < until) throw new PdfError('pdf.damaged', 'more is needed', { what: 'cut_off' })
      return { value: 0, end: until }
    })
    return budget.left('windowBytes')
  }

  test('of more bytes than the limit is refused, and of as many is read', () => {
    const limits = { ...defaultLimits, objectBytes: 5000 }
    expect(codeOf(() => readDigits(5000, limits))).toBe('object_bytes')
    expect(codeOf(() => readDigits(4900, limits))).toBe('no error')
  })

  test('costs what was looked at to find its end, and no more', () => {
    expect(readDigits(100)).toBe(defaultLimits.windowBytes - 100)
    expect(readDigits(33_000)).toBe(defaultLimits.windowBytes - 32_768 - 33_000)
  })
})

test('a list of annotations counts for every page that shares it', { timeout: 5000 }, () => {
  const kids = Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [100 + i, '<</Type/Page/Annots 3000 0 R>>']))
  const document = documentOf({
    2: `<</Type/Pages/Kids[${list(2000, (i) => `${100 + i} 0 R`)}]>>`,
    3000: `[${list(1000, () => '5 0 R')}]`,
    ...kids,
  })
  expect(codeOf(() => listFields(document))).toBe('annotations')
})

test('a list of options counts for every field that has it', () => {
  const fields = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [100 + i, `<</FT/Ch/T(f${i})/Opt 300 0 R>>`]))
  const changes = {
    4: `<</Fields[${list(20, (i) => `${100 + i} 0 R`)}]>>`,
    300: `[${list(1000, () => '(x)')}]`,
    ...fields,
  }
  expect(listFields(documentOf(changes))).toHaveLength(20)
  const document = documentOf(changes, { ...defaultLimits, decodedBytes: 2_000_000 })
  expect(codeOf(() => listFields(document))).toBe('field_texts')
})

test('the name of a field does not grow without end below its parents', () => {
  const document = documentOf({ 7: `<</T(${'a'.repeat(4000)})/Kids[8 0 R]>>`, 8: `<</T(${'b'.repeat(100)})>>` })
  expect(codeOf(() => formFields(document))).toBe('field_name')
})

test('texts that are drawn end somewhere', () => {
  const book = new FontBook(new RevisionWriter(documentOf({})), plainTypesetter)
  book.paragraph('a'.repeat(199_999))
  expect(codeOf(() => book.paragraph('aa'))).toBe('drawn_characters')
})
