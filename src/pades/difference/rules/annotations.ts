import { type Dict, NULL, type Ref, readDict, readName, readRef, sameEntry } from '../../../pdf/index.ts'
import { appearanceObjects, overlap, readBox, visibleBox } from '../appearance.ts'
import { type Comparison, nameIn } from '../comparison.ts'
import { extendedArray } from '../extended-array.ts'
import { referencesIn } from '../reference-index.ts'

/** Markup annotations (ISO 32000-2 12.5.6.2) without those that carry or play something. */
const SUBTYPES = new Set(
  'Text FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Caret Stamp Ink Popup Redact'.split(
    ' ',
  ),
)

/** What they may have: no action, no layer, no place in the structure of the document. */
const KEYS = new Set(
  (
    'Type Subtype Rect Contents P NM M F AP AS Border C CA ca BS BE IC L LE LL LLE LLO CL DS DA Q RC RD QuadPoints ' +
    'Vertices InkList IT Sy Name T Popup CreationDate IRT RT Subj State StateModel Open Parent Rotate Cap CP OverlayText ' +
    'RO Repeat Lang BM'
  ).split(' '),
)

/** Entries that lead to other annotations or the page, which are judged where they are listed. */
const RELATIVES = new Set(['P', 'Popup', 'IRT', 'Parent', 'AP', 'RO'])

/** Pages that list new annotations: the widgets of new fields, and markup. */
export function annotations(comparison: Comparison): void {
  for (const ref of pagesThatListMore(comparison)) {
    const index = comparison.was.pageIndex(ref)
    if (index !== undefined) listedOn(comparison, ref, index)
  }
}

/** Pages that were changed, or whose list of annotations was, where that is an object of its own. */
function pagesThatListMore(comparison: Comparison): Ref[] {
  const numbers = new Set<number>()
  for (const number of comparison.changed) {
    numbers.add(number)
    if (comparison.before.entry(number) !== undefined)
      for (const referrer of comparison.referrers(number)) numbers.add(referrer)
  }
  return [...numbers].flatMap((number) => {
    const object = number === 0 ? undefined : comparison.objectBefore(number)
    const dict = readDict(object?.value ?? NULL)
    return object && nameIn(comparison.before, dict, 'Type') === 'Page' ? [object.ref] : []
  })
}

function listedOn(comparison: Comparison, ref: Ref, page: number): void {
  const [was, is] = [comparison.before.dict(ref), comparison.after.dict(ref)]
  const list = is?.get('Annots')
  if (!is || (sameEntry(was?.get('Annots'), list) && !comparison.changed.has(readRef(list ?? NULL)?.number ?? 0)))
    return
  const found: { readonly deed: { subtype: string; covers: boolean }; readonly objects: number[] }[] = []
  const listed = extendedArray(comparison, was?.get('Annots'), list, ref.number, (number) => {
    if (comparison.addedFields.has(number)) return true
    const markup = markupObjects(comparison, number)
    const dict = comparison.after.dict({ number, generation: 0 })
    if (!markup || !dict) return false
    const subtype = nameIn(comparison.after, dict, 'Subtype') ?? ''
    found.push({ deed: { subtype, covers: covers(comparison, is, dict, subtype) }, objects: markup })
    return true
  })
  if (!listed) return
  comparison.vouch(listed)
  comparison.allowEntries(ref.number, ['Annots'])
  for (const { deed, objects } of found) comparison.report({ kind: 'annotation', page, ...deed }, objects)
}

function markupObjects(comparison: Comparison, number: number): number[] | undefined {
  const dict = comparison.isNew(number) ? comparison.after.dict({ number, generation: 0 }) : undefined
  if (!dict || !SUBTYPES.has(readName(dict.get('Subtype') ?? NULL) ?? '')) return undefined
  if ([...dict.keys()].some((key) => !KEYS.has(key))) return undefined
  const isPlain = [...dict].every(([key, value]) => RELATIVES.has(key) || referencesIn(value).length === 0)
  const shown = appearanceObjects(comparison, dict.get('AP'))
  return isPlain && shown ? [number, ...shown, ...comparison.newObjectsFrom(dict.get('RO'))] : undefined
}

/** A pop-up shows itself in a window of the viewer, not on the page. Where the page has no box of its own, all counts. */
function covers(comparison: Comparison, page: Dict, annotation: Dict, subtype: string): boolean {
  const box = subtype === 'Popup' ? undefined : visibleBox(comparison, annotation)
  const visible = readBox(comparison.after, page.get('CropBox') ?? page.get('MediaBox'))
  return box !== undefined && (visible === undefined || overlap(box, visible))
}
