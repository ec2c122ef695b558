import { type Ref, writeRef } from '../values.ts'
import type { Field } from './acro-form.ts'
import { editObject } from './edit-object.ts'
import { FLAG, fieldFlags, optionsOf, widgetsOf } from './field-entries.ts'
import { inField } from './form-refusal.ts'
import { currentValue, kindOf } from './list-fields.ts'
import { drawListWidget } from './list-widget.ts'
import type { Chosen } from './plan-fill.ts'
import { drawTextWidget, type Studio } from './text-widget.ts'

/** Draws a text in all widgets of its field. Throws `pdf.text` and `pdf.form`. */
export function drawText(studio: Studio, field: Field, text: string, flags: number): void {
  for (const { ref, dict } of widgetsOf(studio.document, field))
    show(studio, ref, drawTextWidget(studio, field, dict, text, flags))
}

/** Draws what was chosen in all widgets of its field. Throws `pdf.text` and `pdf.form`. */
export function drawChoice(studio: Studio, field: Field, chosen: readonly Chosen[], isCombo: boolean): void {
  for (const { ref, dict } of widgetsOf(studio.document, field)) {
    const drawn = isCombo
      ? drawTextWidget(studio, field, dict, chosen[0]?.label ?? '', 0)
      : drawListWidget(studio, field, dict, chosen)
    show(studio, ref, drawn)
  }
}

/** Draws what a text field or a choice holds already. Throws `pdf.form`. */
export function redrawField(studio: Studio, field: Field): void {
  const { document } = studio
  const flags = fieldFlags(document, field)
  const kind = kindOf(field, flags)
  const value = currentValue(document, field)
  const isSecret = kind === 'text' && (flags & FLAG.password) !== 0
  inField(field.name, () => {
    if (kind === 'text' && !isSecret && typeof value === 'string')
      drawText(studio, field, value.replace(/\r\n?/g, '\n'), flags)
    else if (kind === 'choice' || kind === 'combo')
      drawChoice(studio, field, chosenBy(studio, field, value), kind === 'combo')
  })
}

function chosenBy({ document }: Studio, field: Field, value: ReturnType<typeof currentValue>): Chosen[] {
  const wanted = value === undefined ? [] : typeof value === 'string' ? [value] : value
  // From the last to the first: of options that are stored alike the first one counts.
  const options = optionsOf(document, field).map((option, index) => ({ ...option, index }))
  const byValue = new Map(options.toReversed().map((option) => [option.value, option] as const))
  return wanted.map((text) => byValue.get(text) ?? { value: text, label: text, index: undefined })
}

function show(studio: Studio, widget: Ref, form: Ref): void {
  editObject(studio.writer, widget, { AP: `<</N ${writeRef(form)}>>` })
}
