import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fileNameOf, freeNames, readFileName } from './document.ts'

describe('a file name is refused', () => {
  test.each([
    ['that is empty', ''],
    ['of blanks', '   '],
    ['that is only an ending', '.pdf'],
    ['that is hidden', '.contract.pdf'],
    ['that climbs', '../contract.pdf'],
    ['with a path', 'a/contract.pdf'],
    ['with a path of Windows', 'C:\\contract.pdf'],
    ['with another ending', 'contract.exe'],
    ['with an ending behind the ending', 'contract.pdf.exe'],
    ['without an ending', 'contractpdf'],
    ['with NUL', 'contract\0.pdf'],
    ['with a line end', 'contract\r\nX: y.pdf'],
    ['with a line separator', 'contract\u2028.pdf'],
    ['with a reversal of direction', 'contract\u202efdp.exe.pdf'],
    ['with a zero-width joiner', 'con\u200dtract.pdf'],
    ['with a lone surrogate', 'contract\ud800.pdf'],
    ['of 151 characters', `${'a'.repeat(147)}.pdf`],
    ['of a megabyte', `${'a'.repeat(1_000_000)}.pdf`],
  ])('%s', (_, text) => {
    expect(() => readFileName(text)).toThrow(expect.objectContaining({ code: 'document.name_invalid' }))
  })
})

test.each([
  ['contract.pdf', 'contract.pdf'],
  ['  contract.pdf  ', 'contract.pdf'],
  ['Contrato de señal 文.PDF', 'Contrato de señal 文.PDF'],
  ['sen\u0303al.pdf', 'señal.pdf'],
  ['a.b.pdf', 'a.b.pdf'],
  ['<img onerror=x>.pdf', '<img onerror=x>.pdf'],
  [`${'a'.repeat(146)}.pdf`, `${'a'.repeat(146)}.pdf`],
])('the name %j is read as %j', (text, name) => {
  expect(readFileName(text)).toBe(name)
})

test('a name that was read is read again the same, and is one segment of a path', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (stem) => {
      const name = nameOf(`${stem}.pdf`)
      if (name === undefined) return
      expect(readFileName(name)).toBe(name)
      expect(fileNameOf(`person/process/${name}`)).toBe(name)
    }),
  )
})

test.each([
  ['a/contract.pdf', undefined, ['a/contract.pdf', 'a/contract-2.pdf', 'a/contract-3.pdf']],
  ['a/contract.pdf', '-signed', ['a/contract-signed.pdf', 'a/contract-signed-2.pdf', 'a/contract-signed-3.pdf']],
  ['a/Contract.PDF', undefined, ['a/Contract.pdf', 'a/Contract-2.pdf', 'a/Contract-3.pdf']],
])('the free names of %j with %j are %j', (path, suffix, names) => {
  const free = freeNames(path, suffix)
  expect([1, 2, 3].map(() => free.next().value)).toEqual(names)
})

function nameOf(text: string): string | undefined {
  try {
    return readFileName(text)
  } catch {
    return undefined
  }
}
