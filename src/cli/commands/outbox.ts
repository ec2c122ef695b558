import {
  newRequestId,
  type OutboxMessage,
  openTenant,
  type Platform,
  readOutbox,
  readTenants,
} from '../../core/index.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { wholeNumber } from '../read-arguments.ts'
import { withExistingPlatform } from '../with-platform.ts'

const DEFAULT_LIMIT = 10
const MAX_LIMIT = 200

type Found = OutboxMessage & { readonly tenantId: string }

export const outbox = command({
  about: 'Mail and text messages of sandbox companies, newest first. Those of live companies are sent and not kept.',
  operands: {},
  options: {
    tenant: { type: 'string', value: 'ID', about: 'Of this company only.' },
    to: { type: 'string', value: 'ADDRESS', about: 'To this e-mail address or telephone number only.' },
    limit: { type: 'string', value: 'NUMBER', about: `How many at most; ${DEFAULT_LIMIT} if not given.` },
  },
  async run(tools, { options: { tenant, to, limit } }, output) {
    const most = limit === undefined ? DEFAULT_LIMIT : wholeNumber('limit', limit, { min: 1, max: MAX_LIMIT })
    const filter = { limit: most, ...(to === undefined ? {} : { to }) }
    const messages = await withExistingPlatform(tools, (platform) => newest(platform, tenant, filter))
    for (const { sentAt, channel, to: address, subject, body } of messages) {
      output.say(`${output.tone('faint', sentAt.toISOString())}  ${channel}  ${address}`)
      if (channel === 'email') output.say(`  ${output.tone('strong', subject)}`)
      output.say(`  ${body.replaceAll('\n', '\n  ')}`)
      output.say()
    }
    if (messages.length === 0) output.say('There are no messages.')
    output.give({ messages })
    return EXIT.fine
  },
})

async function newest(
  platform: Platform,
  tenantId: string | undefined,
  filter: { readonly to?: string; readonly limit: number },
): Promise<readonly Found[]> {
  const ids = tenantId === undefined ? (await readTenants(platform)).map(({ id }) => id) : [tenantId]
  const found: Found[] = []
  for (const id of ids) {
    const scope = { actor: { kind: 'operator', id: 'cli' }, facade: 'cli', requestId: newRequestId(platform) } as const
    const context = await openTenant(platform, id, scope)
    for (const message of await readOutbox(context, filter)) found.push({ tenantId: id, ...message })
  }
  return found.sort((a, b) => b.sentAt.getTime() - a.sentAt.getTime()).slice(0, filter.limit)
}
