import { command } from '../command.ts'
import { refuseUsage } from '../errors.ts'
import { EXIT } from '../exit-code.ts'

export const openapi = command({
  about: 'OpenAPI 3.1 in JSON, made from the very schemas that judge requests and replies. Needs no server.',
  operands: { facade: { value: 'FACADE', about: 'The API, for example sponsored.' } },
  options: {},
  async run(tools, { operands: { facade } }, output) {
    const document = await tools.describe(facade)
    if (document === undefined) refuseUsage(`FACADE is one of: ${(await tools.facades()).join(', ')}.`)
    // The document is JSON either way.
    output.say(JSON.stringify(document, null, 2))
    output.give(document)
    return EXIT.fine
  },
})
