import { prepareFill } from '../../pades/index.ts'
import { listFields } from '../../pdf/index.ts'
import { command } from '../command.ts'
import { refuseUsage } from '../errors.ts'
import { DOCUMENT_EXIT } from '../exit-code.ts'
import { fieldValues, readSettings } from '../pdf/field-values.ts'
import { inputOptions, targetOptions } from '../pdf/options.ts'
import { openTarget } from '../pdf/target.ts'
import { withDocument } from '../pdf/with-document.ts'

export const fill = command({
  about:
    'Appends the values and how they are shown. What a signature in the document forbids is refused. A check box takes\n' +
    'true, false or the name of its state; for several options of a list, give --set several times.',
  operands: { file: { value: 'FILE', about: 'The PDF.' } },
  options: {
    ...targetOptions,
    set: { type: 'string', value: 'NAME=VALUE', multiple: true, about: 'A field and its value.' },
    values: { type: 'string', value: 'FILE', about: 'Names and values as one JSON object.' },
    flatten: { type: 'boolean', about: 'Draw all fields but those for signatures into the pages.' },
    ...inputOptions,
  },
  async run(_tools, { operands: { file }, options }, output) {
    const { flatten } = options
    const settings = await readSettings(options)
    if (settings.size === 0 && !flatten) refuseUsage('Nothing is to be done: give --set, --values or --flatten.')
    const target = await openTarget(file, options)
    return await withDocument(file, options, output, async (document) => {
      const values = fieldValues(settings, listFields(document))
      const tail = await prepareFill(document, { values, flatten, filledAt: new Date() })
      await target.write(tail, document.source.size)
      const count = settings.size === 1 ? '1 field' : `${settings.size} fields`
      output.say(`${target.path}: ${count} filled in${flatten ? ', all drawn into the pages' : ''}.`)
      output.give({ file: target.path, filled: [...settings.keys()], flattened: flatten, bytesAppended: tail.length })
      return DOCUMENT_EXIT.fine
    })
  },
})
