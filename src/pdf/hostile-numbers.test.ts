import { describe, expect, test } from 'vitest'
import { bytesSource, formFields, openPdf, pages } from './index.ts'
import { codeOf } from './testing/code-of.ts'
import { buildPdf, objectsOf, writePdf } from './testing/pdf-builder.ts'

/* Numbers that lead nowhere: below zero, behind the end of the file, to another object. */

/** Opens a document and reads its pages, its fields and the data of one object. */
function readAll(pdf: Uint8Array, number = 11): unknown {
  const document = openPdf(bytesSource(pdf))
  const object = document.object({ number, generation: 0 })
  return [[...pages(document)], formFields(document), object?.streamOffset && document.streamData(object)]
}

function replaced(pdf: Buffer, from: string | RegExp, to: string): Buffer {
  const text = pdf.toString('latin1')
  const changed = text.replace(from, to)
  expect(changed).not.toBe(text)
  return Buffer.from(changed, 'latin1')
}

function withObject(number: number, body: string): Buffer {
  return writePdf('table', new Map([...objectsOf({ form: true }), [number, body]]))
}

const table = buildPdf('table', { form: true })
const packed = buildPdf('object-streams', { form: true })

describe('a number below zero is refused:', () => {
  test.each<[string, Buffer, string]>([
    ['/Prev', replaced(table, '/Root 1 0 R', '/Root 1 0 R/Prev -1'), 'xref'],
    ['/XRefStm', replaced(table, '/Root 1 0 R', '/Root 1 0 R/XRefStm -9'), 'xref'],
    ['/Length of a stream', withObject(11, '<</Length -1>>\nstream\nx\nendstream'), 'stream'],
    ['/N of an object stream', replaced(packed, /\/N \d+/, '/N -1'), 'stream'],
    ['/First of an object stream', replaced(packed, /\/First \d+/, '/First -1'), 'stream'],
    ['/W of a cross-reference stream', replaced(packed, '/W[1 4 2]', '/W[1 -4 2]'), 'xref'],
    ['/Size of a cross-reference stream', replaced(packed, /\/Size \d+/, '/Size -5'), 'xref'],
    ['/Index of a cross-reference stream', replaced(packed, '/W[1', '/Index[-1 3]/W[1'), 'xref'],
    ['/Columns of a predictor', replaced(packed, '/Columns 7', '/Columns -7'), 'predictor'],
    ['a run of a table', replaced(table, 'xref\n0 ', 'xref\n-1 '), 'xref'],
    ['an entry of a table', replaced(table, /\d{10}(?= 00000 n)/, '-000000009'), 'xref'],
    ['startxref', replaced(table, /startxref\n/, 'startxref\n-'), 'startxref'],
  ])('%s', (_, pdf, expected) => {
    expect(codeOf(() => readAll(pdf))).toBe(expected)
  })
})

describe('a number that leads elsewhere is refused:', () => {
  test.each<[string, Buffer, string]>([
    ['an entry behind the end of the file', replaced(table, /\d{10}(?= 00000 n)/, '9999999999'), 'offset'],
    ['an entry at the end of the file', replaced(table, /\d{10}(?= 00000 n)/, pad(table.length)), 'offset'],
    ['an entry that leads to the header', replaced(table, /\d{10}(?= 00000 n)/, pad(0)), 'object'],
    ['the generation of an entry', replaced(table, /(?<=\d{10} )00000(?= n)/, '00007'), 'object'],
    ['a length behind the end of the file', withObject(11, '<</Length 9999999>>\nstream\nx\nendstream'), 'stream'],
    ['/First, into the middle of a value', replaced(packed, /\/First \d\d/, '/First 99'), 'token'],
    ['more objects than an object stream has', replaced(packed, /\/N \d\d/, '/N 99'), 'object_stream'],
  ])('%s', (_, pdf, expected) => {
    expect(codeOf(() => readAll(pdf))).toBe(expected)
  })
})

function pad(offset: number): string {
  return String(offset).padStart(10, '0')
}
