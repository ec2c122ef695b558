import { readTenants } from '../../core/index.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { table } from '../output.ts'
import { withExistingPlatform } from '../with-platform.ts'

export const tenantList = command({
  about: 'Prints id, mode, country and name of each.',
  operands: {},
  options: {},
  async run(tools, _given, output) {
    const tenants = await withExistingPlatform(tools, readTenants)
    const rows = tenants.map(({ id, mode, country, name, suspended }) => [
      id,
      mode,
      country,
      suspended ? `${name} (suspended)` : name,
    ])
    for (const line of table(rows)) output.say(line)
    if (tenants.length === 0) output.say('There is no company yet: chancery tenant create --name NAME')
    output.give({ tenants })
    return EXIT.fine
  },
})
