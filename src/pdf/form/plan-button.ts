import type { PdfDocument } from '../document.ts'
import { NULL, readName } from '../values.ts'
import type { Field, Widget } from './acro-form.ts'
import { fieldEntry, onStates, textOf, widgetsOf } from './field-entries.ts'
import { refuseField } from './form-refusal.ts'
import type { FieldValue } from './plan-fill.ts'

export const OFF = 'Off'
/** The state of a check box that has no appearance to name one (ISO 32000-2 12.7.5.2.3 recommends it). */
const YES = 'Yes'

/** The state that a widget shows when it is on. */
export function onStateOf(document: PdfDocument, widget: Widget, index: number, isRadio: boolean): string {
  const [named] = onStates(document, widget.dict)
  if (named !== undefined) return named
  const shown = readName(document.resolve(widget.dict.get('AS') ?? NULL))
  if (shown !== undefined && shown !== OFF) return shown
  return isRadio ? String(index) : YES
}

/** The state that a value means. Throws `pdf.form`. */
export function planButton(document: PdfDocument, field: Field, kind: 'checkbox' | 'radio', value: FieldValue): string {
  const states = widgetsOf(document, field).map((widget, i) => onStateOf(document, widget, i, kind === 'radio'))
  if (value === false || value === OFF) return OFF
  if (value === true) {
    const [only, ...others] = new Set(states)
    if (only === undefined || others.length > 0) refuseField(field.name, 'option', 'the field has several states')
    return only
  }
  if (typeof value !== 'string') refuseField(field.name, 'type', 'the field takes one state')
  return (
    states.find((state) => state === value) ??
    stateOfExport(document, field, states, value) ??
    refuseField(field.name, 'option', 'the value is not a state of the field')
  )
}

/** /Opt of buttons has a text for each widget, for states that a name cannot spell (ISO 32000-2 table 231). */
function stateOfExport(
  document: PdfDocument,
  field: Field,
  states: readonly string[],
  value: string,
): string | undefined {
  const texts = document.arrayOrNull(fieldEntry(document, field, 'Opt'), 'form') ?? []
  return states[texts.findIndex((text) => textOf(document, text) === value)]
}
