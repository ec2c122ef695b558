import {
  acroForm,
  canonicalText,
  type Dict,
  type Field,
  formFields,
  NULL,
  type PdfDocument,
  readArray,
  readDict,
  readInteger,
  readName,
  readRef,
  sameEntry,
} from '../pdf/index.ts'
import type { Bytes } from '../std/bytes.ts'
import { referencesIn } from './references.ts'
import type { Change } from './report.ts'

/** What a field of a later signature may have: nothing that acts, and no family. */
const FIELD_KEYS = new Set([
  'Type',
  'Subtype',
  'FT',
  'T',
  'V',
  'F',
  'Ff',
  'Rect',
  'P',
  'AP',
  'M',
  'NM',
  'MK',
  'DA',
  'DR',
  'Lock',
  'SV',
])
const NEW_FORM_KEYS = new Set(['Fields', 'SigFlags', 'DA', 'DR'])
/** What signing an empty field may change in it. */
const SIGNED_KEYS = ['V', 'AP', 'M']
const MAX_REACHED = 1000

/**
 * The rules that vouch for objects of a later revision. Each method checks one kind of change as a whole, and marks
 * the objects that take part in it only when the whole is as it must be.
 */
export class Vouching {
  readonly changes: Change[] = []
  readonly #before: PdfDocument
  readonly #after: PdfDocument
  readonly #changed: ReadonlySet<number>
  readonly #vouched = new Set<number>()
  readonly #firstNew: number

  constructor(before: PdfDocument, after: PdfDocument, changed: ReadonlySet<number>) {
    this.#before = before
    this.#after = after
    this.#changed = changed
    // A number that the signed revision could know is not new, even when it was free: something may refer to it.
    this.#firstNew = before.firstFreeNumber
  }

  isVouched(number: number): boolean {
    return this.#vouched.has(number)
  }

  /** New cross-reference streams and object streams show nothing; what lies inside is looked at by itself. */
  containers(): void {
    for (const number of this.#changed) {
      const object = this.#isNew(number) ? this.#after.object({ number, generation: 0 }) : undefined
      if (object?.streamOffset === undefined) continue
      const type = readName(readDict(object.value)?.get('Type') ?? NULL)
      if (type === 'XRef' || type === 'ObjStm') this.#vouched.add(number)
    }
  }

  /** The information dictionary is about the file, not on its pages. */
  documentInformation(): void {
    const ref = readRef(this.#after.trailer.get('Info') ?? NULL)
    if (!ref || !this.#changed.has(ref.number) || this.#vouched.has(ref.number)) return
    const was = readRef(this.#before.trailer.get('Info') ?? NULL)
    if (!this.#isNew(ref.number) && was?.number !== ref.number) return
    const values = [...(this.#after.dict(ref)?.values() ?? [NULL])]
    if (values.some((value) => readDict(value) ?? readArray(value) ?? readRef(value))) return
    this.#vouched.add(ref.number)
    this.changes.push({ kind: 'document_information' })
  }

  /** New signature fields, and signatures in fields that were empty. */
  form(): void {
    const old = new Map(formFields(this.#before).map((field) => [field.ref.number, field]))
    const added: Field[] = []
    for (const field of formFields(this.#after)) {
      const was = old.get(field.ref.number)
      if (was !== undefined) this.#filledField(was, field)
      else if (this.#newField(field)) added.push(field)
    }
    this.#formDictionary(added)
    for (const field of added) this.#page(field, added)
  }

  #isNew(number: number): boolean {
    return number >= this.#firstNew && this.#changed.has(number) && this.#before.entry(number) === undefined
  }

  /** Marks what is reachable from a value and new; what is old was judged where it stands. */
  #markReachable(value: Bytes): void {
    const waiting = referencesIn(value)
    for (let ref = waiting.pop(), left = MAX_REACHED; ref && left > 0; ref = waiting.pop(), left--) {
      if (this.#vouched.has(ref.number) || !this.#isNew(ref.number)) continue
      this.#vouched.add(ref.number)
      for (const found of referencesIn(this.#after.object(ref)?.value ?? NULL)) waiting.push(found)
    }
  }

  /** Marks the signature dictionary that a field got, when it is a new object. */
  #markSignature(field: Field): boolean {
    const ref = readRef(field.value ?? NULL)
    const dict = this.#after.dict(ref)
    if (!ref || !this.#isNew(ref.number) || !dict?.has('Contents') || !dict.has('ByteRange')) return false
    this.#vouched.add(ref.number)
    return true
  }

  #newField(field: Field): boolean {
    const { dict, ref, type, value } = field
    const isWidget = readName(dict.get('Subtype') ?? NULL) === 'Widget'
    if (!this.#isNew(ref.number) || type !== 'Sig' || !isWidget) return false
    if ([...dict.keys()].some((key) => !FIELD_KEYS.has(key))) return false
    // What is shown needs somebody who signs for it: an object that is reached from here may be one that the signed
    // revision referred to before it existed.
    if (value === undefined ? dict.has('AP') : !this.#markSignature(field)) return false
    this.#vouched.add(ref.number)
    this.#markReachable(dict.get('AP') ?? NULL)
    if (value === undefined) this.changes.push({ kind: 'field', field: field.name })
    else this.changes.push({ kind: 'signature', field: field.name, newField: true, visible: this.#isVisible(dict) })
    return true
  }

  /** A field that was empty and may differ in its signature and its appearance alone. */
  #filledField(was: Field, field: Field): void {
    if (!this.#changed.has(field.ref.number)) return
    const isFilled = field.type === 'Sig' && was.value === undefined && field.value !== undefined
    if (!isFilled || !sameExcept(was.dict, field.dict, SIGNED_KEYS) || !this.#markSignature(field)) return
    this.#vouched.add(field.ref.number)
    this.#filledWidget(was, field)
    const visible = field.widget !== undefined && this.#isVisible(field.widget.dict)
    this.changes.push({ kind: 'signature', field: field.name, newField: false, visible })
  }

  #filledWidget(was: Field, field: Field): void {
    if (!was.widget || was.widget.ref.number !== field.widget?.ref.number) return
    if (!sameExcept(was.widget.dict, field.widget.dict, SIGNED_KEYS)) return
    this.#vouched.add(field.widget.ref.number)
    this.#markReachable(field.widget.dict.get('AP') ?? NULL)
  }

  #isVisible(dict: Dict): boolean {
    const edges = (this.#after.array(dict.get('Rect')) ?? []).map((edge) => canonicalText(this.#after.resolve(edge)))
    return dict.has('AP') && edges[0] !== edges[2] && edges[1] !== edges[3]
  }

  /** The form may list new fields and say that there are signatures; the catalog may point to a new form. */
  #formDictionary(added: readonly Field[]): void {
    const [was, is] = [acroForm(this.#before), acroForm(this.#after)]
    if (!is || !this.#isFormKept(was, is, added)) return
    this.#mark(is.get('Fields'))
    if (!sameExcept(this.#before.catalog, this.#after.catalog, ['AcroForm'])) return
    this.#mark(this.#after.catalog.get('AcroForm'))
    this.#vouched.add(this.#after.catalogRef.number)
    if (!was) this.#markReachable(is.get('DR') ?? NULL)
  }

  #isFormKept(was: Dict | undefined, is: Dict, added: readonly Field[]): boolean {
    const flags = readInteger(this.#after.resolve(is.get('SigFlags') ?? NULL)) ?? 0
    const kept = was
      ? sameExcept(was, is, ['Fields', 'SigFlags'])
      : added.some(({ value }) => value !== undefined) && [...is.keys()].every((key) => NEW_FORM_KEYS.has(key))
    return kept && flags >= 0 && flags <= 3 && this.#extendsArray(was?.get('Fields'), is.get('Fields'), added)
  }

  /** The page of a new field may list its annotation. */
  #page({ dict }: Field, added: readonly Field[]): void {
    const ref = readRef(dict.get('P') ?? NULL)
    const [was, is] = [this.#before.dict(ref), this.#after.dict(ref)]
    if (!ref || !was || !is || readName(is.get('Type') ?? NULL) !== 'Page') return
    if (!sameExcept(was, is, ['Annots']) || !this.#extendsArray(was.get('Annots'), is.get('Annots'), added)) return
    this.#vouched.add(ref.number)
    this.#mark(is.get('Annots'))
  }

  /** Marks the object that holds a value which was found to be in order. */
  #mark(value: Bytes | undefined): void {
    const ref = readRef(value ?? NULL)
    if (ref) this.#vouched.add(ref.number)
  }

  /** True when the new array is the old one followed by references to the fields that were added. */
  #extendsArray(was: Bytes | undefined, is: Bytes | undefined, added: readonly Field[]): boolean {
    // An array that is an object of its own must stay that object, or be a new one.
    const [oldRef, newRef] = [readRef(was ?? NULL), readRef(is ?? NULL)]
    if (newRef && oldRef?.number !== newRef.number && !this.#isNew(newRef.number)) return false
    const oldItems = (this.#before.array(was) ?? []).map(canonicalText)
    const newItems = (this.#after.array(is) ?? []).map(canonicalText)
    const allowed = new Set(added.map(({ ref }) => `${ref.number} ${ref.generation} R`))
    const isKept = oldItems.every((item, i) => newItems[i] === item)
    return isKept && newItems.slice(oldItems.length).every((item) => allowed.has(item))
  }
}

function sameExcept(was: Dict, is: Dict, except: readonly string[]): boolean {
  const keys = new Set([...was.keys(), ...is.keys()])
  return [...keys].every((key) => except.includes(key) || sameEntry(was.get(key), is.get(key)))
}
