import { readFileSync } from 'node:fs'
import { type Block, drawBlocks, type Landmark } from './blocks.ts'
import { CLIENT, PAGES, PROVIDER, REFERENCE, TITLE } from './contract-text.ts'
import { EmbeddedFont } from './embedded-font.ts'
import { addForm, drawForm, FORM_TOP } from './form.ts'
import { addInformation, addMetadata, addOutline } from './metadata.ts'
import { ACCENT, type Fonts, type Ink, LINE, PAGE, PageCanvas, SOFT } from './page-canvas.ts'
import { PdfFile, type Ref, type Style } from './pdf-file.ts'
import { readTrueType } from './true-type.ts'

const ABOUT = {
  title: `${TITLE} ${REFERENCE}`,
  author: CLIENT,
  subject: `Services of ${PROVIDER} for ${CLIENT}`,
}
const SMALL: Ink = { face: 'regular', size: 8, colour: SOFT }

/** A service agreement of four pages with a form and two empty signature fields on the last. The same bytes each time. */
export function makeContract(style: Style): Buffer {
  const pdf = new PdfFile()
  const fonts = openFonts()
  const fontRefs = { regular: pdf.reserve(), bold: pdf.reserve() }
  const resources = pdf.add(`<</Font<</regular ${fontRefs.regular}/bold ${fontRefs.bold}>>>>`)
  const tree = pdf.reserve()
  const pages = PAGES.map(() => pdf.reserve())
  const lastPage = pages.at(-1) ?? tree
  const { fields, form } = addForm(pdf, lastPage)

  const bookmarks = PAGES.flatMap((blocks, i) => {
    const page = pages[i] ?? tree
    const { content, landmarks } = drawPage(fonts, blocks, i + 1)
    const annotations = page === lastPage ? `/Annots[${fields.join(' ')}]/Tabs/R` : ''
    pdf.put(page, pageObject({ tree, resources, contents: pdf.addStream('', content), annotations }))
    return landmarks.map((landmark) => ({ ...landmark, page }))
  })
  fonts.regular.embed(pdf, fontRefs.regular)
  fonts.bold.embed(pdf, fontRefs.bold)

  pdf.put(tree, `<</Type/Pages/Kids[${pages.join(' ')}]/Count ${pages.length}>>`)
  const root = pdf.add(
    `<</Type/Catalog/Pages ${tree}/AcroForm ${form}/Outlines ${addOutline(pdf, bookmarks)}/PageMode/UseNone` +
      `/Metadata ${addMetadata(pdf, ABOUT)}/Lang(en)/ViewerPreferences<</DisplayDocTitle true>>>>`,
  )
  return pdf.write(style, root, addInformation(pdf, ABOUT))
}

type PageParts = { readonly tree: Ref; readonly resources: Ref; readonly contents: Ref; readonly annotations: string }

function pageObject({ tree, resources, contents, annotations }: PageParts): string {
  const size = `/MediaBox[0 0 ${PAGE.width} ${PAGE.height}]`
  return `<</Type/Page/Parent ${tree}${size}/Resources ${resources}/Contents ${contents}${annotations}>>`
}

function drawPage(fonts: Fonts, blocks: readonly Block[], page: number): { content: Buffer; landmarks: Landmark[] } {
  const canvas = new PageCanvas(fonts)
  const { landmarks, end } = drawBlocks(canvas, blocks)
  if (page === PAGES.length) {
    if (end < FORM_TOP) throw new Error(`The text of the last page runs ${FORM_TOP - end} points into the form.`)
    drawForm(canvas, [CLIENT, PROVIDER])
  }
  drawMargins(canvas, page)
  return { content: canvas.content(), landmarks }
}

function drawMargins(canvas: PageCanvas, page: number): void {
  const width = PAGE.right - PAGE.left
  canvas.text(TITLE, PAGE.left, 792, { ...SMALL, face: 'bold', colour: ACCENT })
  canvas.textEndingAt(`No. ${REFERENCE}`, PAGE.right, 792, SMALL)
  canvas.rule(PAGE.left, 784, width, ACCENT, 0.8)
  canvas.rule(PAGE.left, 56, width, LINE)
  canvas.text(`${CLIENT} · ${PROVIDER}`, PAGE.left, 43, SMALL)
  canvas.textEndingAt(`Page ${page} of ${PAGES.length}`, PAGE.right, 43, SMALL)
}

function openFonts(): Fonts {
  const open = (face: string) => {
    return readTrueType(readFileSync(new URL(`../../samples/fonts/LiberationSans-${face}.ttf`, import.meta.url)))
  }
  // Six letters before the name tell that the font is a subset. ISO 32000-2 §9.9.2
  return {
    regular: new EmbeddedFont(open('Regular'), 'QTZALR+LiberationSans', 84),
    bold: new EmbeddedFont(open('Bold'), 'QTZALB+LiberationSans-Bold', 140),
  }
}
