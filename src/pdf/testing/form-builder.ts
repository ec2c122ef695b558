import { type Kind, objectsOf, stream, writePdf } from './pdf-builder.ts'

const widget = (rectangle: string, entries: string) =>
  `<</Type/Annot/Subtype/Widget/Rect[${rectangle}]/P 10 0 R/F 4${entries}>>`
const states = (name: string) => `/AS/Off/AP<</N<</${name} 60 0 R/Off 61 0 R>>>>`

/** The fields of the form by their object numbers: what stands between `<<` and `>>` after the annotation's entries. */
const FIELDS: Readonly<Record<number, string>> = {
  20: widget('50 740 300 760', '/FT/Tx/T(name)/V(before)/RV(<p>before</p>)/DA(/F1 0 Tf 0 g)'),
  21: widget('50 640 300 730', '/FT/Tx/T(notes)/Ff 4096/Q 0'),
  22: widget('50 610 300 630', '/FT/Tx/T(code)/Ff 16777216/MaxLen 6/DA(/F1 10 Tf 1 0 0 rg)'),
  23: widget('50 580 70 600', '/FT/Btn/T(agree)'),
  24: widget('80 580 100 600', `/FT/Btn/T(news)${states('On')}`),
  25: widget('50 550 300 570', '/FT/Ch/T(city)/Ff 131072/Opt[[(lim)(Lima)][(bog)<FEFF0042006F0067006F007400E1>]]'),
  26: widget('50 520 300 540', '/FT/Ch/T(free)/Ff 393216/Opt[(Uno)(Dos)]'),
  27: widget('50 440 200 510', '/FT/Ch/T(many)/Ff 2097152/Opt[(Uno)(Dos)(Tres)]'),
  28: widget('50 410 300 430', '/FT/Tx/T(fixed)/Ff 1/V(fixed)'),
  29: widget('50 380 300 400', '/FT/Tx/T(sum)/AA<</C<</S/JavaScript/JS(1)>>>>'),
  30: widget('50 350 300 370', '/FT/Tx/T(total)'),
  31: widget('50 320 300 340', '/FT/Tx/T(secret)/Ff 8192'),
  32: widget('50 290 300 310', '/FT/Tx/T(file)/Ff 1048576'),
  33: widget('50 260 100 280', '/FT/Btn/T(push)/Ff 65536'),
  34: widget('320 640 345 760', '/FT/Tx/T(turned)/MK<</R 90/BC[1 0 0]/BG[0.9]>>'),
  40: '<</FT/Btn/T(kind)/Ff 32768/Kids[41 0 R 42 0 R]/Opt[(First kind)(Second kind)]>>',
  41: widget('120 580 140 600', `/Parent 40 0 R${states('0')}`),
  42: widget('150 580 170 600', `/Parent 40 0 R${states('1')}`),
  43: '<</FT/Tx/T(twice)/Kids[44 0 R 45 0 R]>>',
  44: widget('50 230 150 250', '/Parent 43 0 R'),
  45: widget('160 230 260 250', '/Parent 43 0 R'),
  46: '<</T(group)/Ff 0/MaxLen 5/Kids[47 0 R]>>',
  47: widget('50 200 300 220', '/Parent 46 0 R/FT/Tx/T(inner)/TU(An inner field)'),
}
const HANGING = new Set([41, 42, 44, 45, 47])
const WITHOUT_WIDGET = new Set([40, 43, 46])

export type FormOptions = {
  /** Entries added to the form. */
  readonly form?: string
  /** Fields with other bodies than usual, by their object numbers. */
  readonly fields?: Readonly<Record<number, string>>
}

/** A document whose first page has every kind of field, and two empty signature fields. */
export function buildForm(kind: Kind = 'table', { form = '', fields = {} }: FormOptions = {}): Buffer {
  const objects = objectsOf({ form: true })
  const numbers = Object.keys(FIELDS).map(Number)
  for (const number of numbers) objects.set(number, fields[number] ?? FIELDS[number] ?? '')
  const refs = (list: readonly number[]) => list.map((number) => `${number} 0 R`).join(' ')
  const roots = [6, 7, ...numbers.filter((number) => !HANGING.has(number))]
  const shown = [6, 8, ...numbers.filter((number) => !WITHOUT_WIDGET.has(number))]
  objects.set(4, `<</Fields[${refs(roots)}]/CO[30 0 R]/DA(/F1 0 Tf 0 g)${form}>>`)
  objects.set(10, (objects.get(10) ?? '').replace(/\/Annots\[[^\]]*\]/, `/Annots[${refs(shown)}]`))
  const look = '/Type/XObject/Subtype/Form/BBox[0 0 20 20]'
  objects.set(60, stream('4 4 12 12 re f', look))
  objects.set(61, stream('', look))
  return writePdf(kind, objects)
}
