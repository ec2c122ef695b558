import { type FieldInfo, listFields } from '../../pdf/index.ts'
import { harmless } from '../../std/harmless.ts'
import { command } from '../command.ts'
import { DOCUMENT_EXIT } from '../exit-code.ts'
import { table } from '../output.ts'
import { inputOptions } from '../pdf/options.ts'
import { withDocument } from '../pdf/with-document.ts'

export const fields = command({
  about: 'Names, kinds, values and pages of all fields, those for signatures too.',
  operands: { file: { value: 'FILE', about: 'The PDF.' } },
  options: inputOptions,
  async run(_tools, { operands: { file }, options }, output) {
    return await withDocument(file, options, output, async (document) => {
      const found = listFields(document)
      if (found.length === 0) output.say('There is no field.')
      else for (const line of table([HEAD, ...found.map(rowOf)])) output.say(harmless(line))
      output.give({ file, fields: found.map(asAnswer) })
      return DOCUMENT_EXIT.fine
    })
  },
})

const HEAD = ['NAME', 'KIND', 'PAGE', 'VALUE', 'RULES']
/** A longer value would push everything else off the screen; --json has all of it. */
const SHOWN_CHARACTERS = 40

function rowOf(field: FieldInfo): string[] {
  const { name, kind, places, value } = field
  const pages = [...new Set(places.map(({ page }) => page))].flatMap((page) => (page === undefined ? [] : page + 1))
  const text = [value ?? ''].flat().join(', ')
  const shown = [...text].length > SHOWN_CHARACTERS ? `${[...text].slice(0, SHOWN_CHARACTERS).join('')}…` : text
  return [name, kind, pages.join(', '), shown, rulesOf(field).join(', ')]
}

function rulesOf(field: FieldInfo): string[] {
  const { required, readOnly, calculated, hasLock, maxLength, options } = field
  return [
    ...(required ? ['required'] : []),
    ...(readOnly ? ['read only'] : []),
    ...(calculated ? ['calculated'] : []),
    ...(hasLock ? ['locks others'] : []),
    ...(maxLength === undefined ? [] : [`at most ${maxLength} characters`]),
    ...(options.length === 0 ? [] : [`one of ${options.map(({ value }) => value).join(' | ')}`]),
  ]
}

/** Pages counted from 1, as the command line counts them. */
function asAnswer({ places, ...field }: FieldInfo) {
  return {
    ...field,
    places: places.map(({ page, rectangle }) => ({ page: page === undefined ? undefined : page + 1, rectangle })),
  }
}
