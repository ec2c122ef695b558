import type { PdfDocument } from '../document.ts'
import type { RevisionWriter } from '../revision-writer.ts'
import { archivePart } from '../text/archive-part.ts'
import { FontBook } from '../text/font-book.ts'
import type { Typesetter } from '../text/typesetter.ts'
import { writeText } from '../text-string.ts'
import { latin1, NULL, writeName } from '../values.ts'
import { acroForm, type Field, formFields, type Widget } from './acro-form.ts'
import { drawButton } from './button-widget.ts'
import { drawChoice, drawText, redrawField } from './draw-field.ts'
import { type Changes, editForm, editObject } from './edit-object.ts'
import { FLAG, fieldFlags, onStates, widgetsOf } from './field-entries.ts'
import { inField, refuseField } from './form-refusal.ts'
import { calculationOrder } from './list-fields.ts'
import { OFF, onStateOf } from './plan-button.ts'
import { type FieldValue, type Plan, planFill } from './plan-fill.ts'
import type { Studio } from './text-widget.ts'

/** Values by the full names of fields. Every value is taken as it stands: nothing in it is a command or a variable. */
export type FieldValues = Readonly<Record<string, FieldValue>>

export type FillOptions = {
  /**
   * Draws the other fields as well when the form asks viewers to do so, and takes that wish away, so that no two
   * viewers show different values. Yes when not given; no for a document whose other fields must stay.
   */
  readonly redrawOthers?: boolean
}

/**
 * Fills fields and draws them anew with embedded fonts. Throws `pdf.form` with the field and the reason; a writer
 * that it leaves behind then must not be finished.
 */
export function fillFields(
  document: PdfDocument,
  writer: RevisionWriter,
  values: FieldValues,
  typesetter: Typesetter,
  { redrawOthers = true }: FillOptions = {},
): void {
  if (acroForm(document)?.has('XFA')) refuseField('', 'xfa', 'the form is an XFA form')
  const fields = formFields(document)
  const order = calculationOrder(document)
  // Fields of one name are one field that is written down twice (ISO 32000-2 12.7.4.2).
  const byName = Map.groupBy(fields, ({ name }) => name)
  const plans = Object.entries(values).flatMap(([name, value]) => {
    const named = byName.get(name) ?? refuseField(name, 'unknown', 'the form has no field of this name')
    return named.map((field) => planFill(document, field, value, order))
  })
  const studio: Studio = { document, writer, book: new FontBook(writer, typesetter) }
  for (const plan of plans) inField(plan.field.name, () => carryOut(studio, plan))
  if (redrawOthers && wantsDrawing(document)) {
    const filled = new Set(plans.map(({ field }) => field.ref.number))
    for (const field of fields) if (!filled.has(field.ref.number)) redrawField(studio, field)
    editForm(document, writer, { NeedAppearances: undefined })
  }
  studio.book.finish(archivePart(document))
}

function wantsDrawing(document: PdfDocument): boolean {
  return latin1(document.resolve(acroForm(document)?.get('NeedAppearances') ?? NULL)) === 'true'
}

function carryOut(studio: Studio, plan: Plan): void {
  switch (plan.kind) {
    case 'text':
      editObject(studio.writer, plan.field.ref, { V: writeText(plan.text), RV: undefined })
      drawText(studio, plan.field, plan.text, plan.flags)
      break
    case 'state':
      setState(studio, plan.field, plan.state)
      break
    case 'choice':
      choose(studio, plan)
  }
}

/** Each widget is on when the state is its own; one without an appearance gets one. */
function setState({ document, writer }: Studio, field: Field, state: string): void {
  editObject(writer, field.ref, { V: writeName(state) })
  const isRadio = (fieldFlags(document, field) & FLAG.radio) !== 0
  widgetsOf(document, field).forEach((widget: Widget, i) => {
    const own = onStateOf(document, widget, i, isRadio)
    const isNamed = onStates(document, widget.dict).length > 0
    const drawn: Changes = isNamed ? {} : { AP: drawButton(document, writer, widget.dict, own, isRadio) }
    editObject(writer, widget.ref, { ...drawn, AS: writeName(own === state ? own : OFF) })
  })
}

function choose(studio: Studio, { field, chosen, isCombo }: Extract<Plan, { kind: 'choice' }>): void {
  const { writer } = studio
  const texts = chosen.map(({ value }) => writeText(value))
  const indices = chosen.flatMap(({ index }) => index ?? [])
  editObject(writer, field.ref, {
    V: texts.length === 0 ? undefined : texts.length === 1 ? texts[0] : `[${texts.join('')}]`,
    I: isCombo || indices.length === 0 ? undefined : `[${indices.join(' ')}]`,
    RV: undefined,
  })
  drawChoice(studio, field, chosen, isCombo)
}
