import { createTenant } from '../../core/index.ts'
import { command } from '../command.ts'
import { refuseUsage } from '../errors.ts'
import { EXIT } from '../exit-code.ts'
import { table } from '../output.ts'
import { oneOf } from '../read-arguments.ts'
import { withPlatform } from '../with-platform.ts'

export const tenantCreate = command({
  about: 'Prints the id and the secret of the client. The secret is shown this once; only its hash is kept.',
  operands: {},
  options: {
    name: { type: 'string', value: 'NAME', required: true, about: 'The name of the company, as people read it.' },
    mode: {
      type: 'string',
      value: 'MODE',
      about: 'sandbox (everything outside is invented) or live; sandbox if not given.',
    },
    country: {
      type: 'string',
      value: 'CODE',
      about: 'Where its national identifiers come from, ISO 3166-1 alpha-2; GT if not given.',
    },
  },
  async run(tools, { options }, output) {
    const name = options.name.trim()
    if (name === '' || [...name].length > 100) refuseUsage('--name has 1 to 100 characters.')
    const mode = oneOf('mode', options.mode ?? 'sandbox', ['sandbox', 'live'])
    const country = (options.country ?? 'GT').toUpperCase()
    if (!/^[A-Z]{2}$/.test(country)) refuseUsage('--country has two letters, for example GT.')
    const { tenant, client, clientSecret } = await withPlatform(tools, (platform) =>
      createTenant(platform, { name, mode, country }),
    )
    const rows = [
      ['Tenant', tenant.id],
      ['Mode', mode],
      ['Client id', client.id],
      ['Client secret', clientSecret],
    ]
    for (const line of table(rows)) output.say(line)
    output.say()
    output.say('The secret is not kept: store it now.')
    output.give({ tenant: { id: tenant.id, name, mode, country }, clientId: client.id, clientSecret })
    return EXIT.fine
  },
})
