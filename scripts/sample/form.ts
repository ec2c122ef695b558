import { ACCENT, INK, type Ink, LINE, PAGE, type PageCanvas, SOFT } from './page-canvas.ts'
import { number, type PdfFile, type Ref, textString } from './pdf-file.ts'

/** Left, bottom, width, height, in points. */
type Area = readonly [number, number, number, number]
type Field = { readonly name: string; readonly label: string; readonly area: Area }
type TextField = Field & { readonly maxLength: number }

const COLUMN = 220
const SECOND = PAGE.right - COLUMN
const FIELD_HEIGHT = 22
const CAPACITIES = ['Director', 'Attorney-in-fact', 'Sole owner']

const TEXT_FIELDS: readonly TextField[] = [
  { name: 'FullName', label: 'Full name', area: [PAGE.left, 496, COLUMN, FIELD_HEIGHT], maxLength: 120 },
  { name: 'City', label: 'City', area: [PAGE.left, 448, COLUMN, FIELD_HEIGHT], maxLength: 80 },
  { name: 'Date', label: 'Date', area: [SECOND, 448, COLUMN, FIELD_HEIGHT], maxLength: 30 },
]
const CAPACITY: Field = { name: 'Capacity', label: 'Acting as', area: [SECOND, 496, COLUMN, FIELD_HEIGHT] }
const ACCEPT: Field = {
  name: 'AcceptTerms',
  label: 'I have read all four pages of this agreement and accept them.',
  area: [PAGE.left, 414, 14, 14],
}
const SIGNATURES: readonly Field[] = [
  { name: 'Signature1', label: 'For the Client', area: [PAGE.left, 268, COLUMN, 92] },
  { name: 'Signature2', label: 'For the Provider', area: [SECOND, 268, COLUMN, 92] },
]

/** The top of what is drawn here: text of the page must end above it. */
export const FORM_TOP = 534

/** What the page shows of the form where no field has an appearance: labels, frames and the lines to sign on. */
export function drawForm(canvas: PageCanvas, parties: readonly string[]): void {
  const caption: Ink = { face: 'bold', size: 8, colour: SOFT }
  for (const { label, area } of [...TEXT_FIELDS, CAPACITY]) {
    canvas.text(label, area[0], area[1] + area[3] + 5, caption)
    canvas.box(...area, { line: LINE, fill: [0.985, 0.99, 0.99] })
  }
  canvas.box(...ACCEPT.area, { line: LINE, fill: [0.985, 0.99, 0.99] })
  canvas.text(ACCEPT.label, PAGE.left + 22, ACCEPT.area[1] + 3.5, { face: 'regular', size: 9.8, colour: INK })
  for (const [i, { label, area }] of SIGNATURES.entries()) {
    const [x, y, , height] = area
    canvas.text(label, x, y + height + 8, { face: 'bold', size: 9.8, colour: ACCENT })
    canvas.box(...area, { line: LINE })
    canvas.text(parties[i] ?? '', x, y - 14, { face: 'regular', size: 9, colour: SOFT })
  }
}

/** Adds the fields, each merged with its one widget on the page, and answers with them and the form. ISO 32000-2 §12.7 */
export function addForm(pdf: PdfFile, page: Ref): { readonly fields: readonly Ref[]; readonly form: Ref } {
  const helvetica = pdf.add('<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>')
  const dingbats = pdf.add('<</Type/Font/Subtype/Type1/BaseFont/ZapfDingbats>>')
  const resources = `<</Font<</Helv ${helvetica}/ZaDb ${dingbats}>>>>`
  const make: Maker = { pdf, page, resources }
  const fields = [
    ...TEXT_FIELDS.slice(0, 1).map((field) => addText(make, field)),
    addCapacity(make),
    ...TEXT_FIELDS.slice(1).map((field) => addText(make, field)),
    addAccept(make),
    ...SIGNATURES.map((field) => pdf.add(`<</FT/Sig${widget(make, field)}>>`)),
  ]
  // SigFlags 1: the document has signature fields; that it must be appended to (2) is said by the first signature.
  const form = pdf.add(`<</Fields[${fields.join(' ')}]/DA(${TEXT_STYLE})/DR${resources}/SigFlags 1>>`)
  return { fields, form }
}

type Maker = { readonly pdf: PdfFile; readonly page: Ref; readonly resources: string }

const TEXT_STYLE = '/Helv 10 Tf 0 g'
const COMBO = 2 ** 17

function widget({ page }: Maker, { name, label, area }: Field): string {
  const [x, y, width, height] = area
  const rectangle = [x, y, x + width, y + height].map(number).join(' ')
  // Flag 4: it is printed.
  return `/Type/Annot/Subtype/Widget/Rect[${rectangle}]/P ${page}/F 4/T(${name})/TU${textString(label)}`
}

function addText(make: Maker, field: TextField): Ref {
  const normal = appearance(make, field.area, '/Tx BMC\nEMC\n')
  return make.pdf.add(
    `<</FT/Tx${widget(make, field)}/V()/DV()/MaxLen ${field.maxLength}/DA(${TEXT_STYLE})/AP<</N ${normal}>>>>`,
  )
}

function addCapacity(make: Maker): Ref {
  const [chosen = ''] = CAPACITIES
  const shown = `/Tx BMC\nq BT ${TEXT_STYLE} 4 7.2 Td ${textString(chosen)} Tj ET Q\nEMC\n`
  const value = `/V${textString(chosen)}/DV${textString(chosen)}`
  return make.pdf.add(
    `<</FT/Ch/Ff ${COMBO}${widget(make, CAPACITY)}/Opt[${CAPACITIES.map(textString).join('')}]${value}` +
      `/DA(${TEXT_STYLE})/AP<</N ${appearance(make, CAPACITY.area, shown)}>>>>`,
  )
}

function addAccept(make: Maker): Ref {
  // Character 4 of ZapfDingbats is a tick.
  const style = `/ZaDb 12 Tf ${ACCENT.map(number).join(' ')} rg`
  const yes = appearance(make, ACCEPT.area, `q BT ${style} 2 3 Td (4) Tj ET Q\n`)
  const off = appearance(make, ACCEPT.area, '')
  return make.pdf.add(
    `<</FT/Btn${widget(make, ACCEPT)}/V/Off/AS/Off/MK<</CA(4)>>/DA(/ZaDb 0 Tf 0 g)/AP<</N<</Yes ${yes}/Off ${off}>>>>>>`,
  )
}

function appearance({ pdf, resources }: Maker, [, , width, height]: Area, content: string): Ref {
  return pdf.addStream(
    `/Type/XObject/Subtype/Form/BBox[0 0 ${number(width)} ${number(height)}]/Resources${resources}`,
    Buffer.from(content, 'latin1'),
  )
}
