import { describe, expect, test } from 'vitest'
import { openPdf } from './open-pdf.ts'
import { pageRotation, visibleBox } from './page-geometry.ts'
import { findPage, pageWith } from './page-tree.ts'
import { bytesSource } from './source.ts'
import { objectsOf, writePdf } from './testing/pdf-builder.ts'

/** The first page of a document with these entries in the page and in the node above it. */
function pageOf(page: string, above = '') {
  const objects = objectsOf({ pages: 1, form: true })
  objects.set(2, (objects.get(2) ?? '').replace('/Count', `${above}/Count`))
  objects.set(10, (objects.get(10) ?? '').replace('/MediaBox[0 0 595 842]', page))
  const document = openPdf(bytesSource(writePdf('table', objects)))
  return { document, page: findPage(document, 0).dict }
}

test.each([
  ['', '', 0],
  ['/Rotate 90', '', 90],
  ['/Rotate -90', '', 270],
  ['/Rotate 450', '', 90],
  ['/Rotate 45', '', 0],
  ['', '/Rotate 180', 180],
  ['/Rotate 0', '/Rotate 180', 0],
  ['/Rotate null', '/Rotate 180', 180],
])('a page with %j below a node with %j is shown turned by %i', (own, above, degrees) => {
  const { document, page } = pageOf(own, above)
  expect(pageRotation(document, page)).toBe(degrees)
})

test.each([
  ['', '', [0, 0, 612, 792]],
  ['/MediaBox[0 0 595 842]', '', [0, 0, 595, 842]],
  ['/MediaBox[595 842 0 0]', '', [0, 0, 595, 842]],
  ['', '/MediaBox[10 10 300 400]', [10, 10, 300, 400]],
  ['/MediaBox[0 0 595 842]/CropBox[50 50 500 900]', '', [50, 50, 500, 842]],
])('a page with %j below a node with %j shows %j', (own, above, box) => {
  const { document, page } = pageOf(own, above)
  expect(visibleBox(document, page)).toEqual(box)
})

describe('the page of an annotation', () => {
  test('is the one that lists it', () => {
    const { document } = pageOf('')
    expect(pageWith(document, { number: 8, generation: 0 })?.ref.number).toBe(10)
    expect(pageWith(document, { number: 99, generation: 0 })).toBeUndefined()
  })
})
