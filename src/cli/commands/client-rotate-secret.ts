import { rotateClientSecret } from '../../core/index.ts'
import { DAY_MS, SECOND_MS } from '../../std/time.ts'
import { command } from '../command.ts'
import { Refused } from '../errors.ts'
import { EXIT } from '../exit-code.ts'
import { wholeNumber } from '../read-arguments.ts'
import { withExistingPlatform } from '../with-platform.ts'

const MAX_GRACE_S = (30 * DAY_MS) / SECOND_MS

export const clientRotateSecret = command({
  about:
    'With a grace the old secret works beside the new one until it ends. Without one it ends now, and so does every\n' +
    'token that was issued to the client.',
  operands: { client: { value: 'CLIENT_ID', about: 'The client.' } },
  options: {
    grace: { type: 'string', value: 'SECONDS', about: 'How long the old secret still works; 0 if not given.' },
  },
  async run(tools, { operands: { client }, options }, output) {
    const graceS = wholeNumber('grace', options.grace ?? '0', { min: 0, max: MAX_GRACE_S })
    const secret = await withExistingPlatform(tools, (platform) =>
      rotateClientSecret(platform, client, graceS * SECOND_MS),
    )
    if (secret === undefined) throw new Refused('client.not_found', `There is no client ${client}.`)
    output.say(`Client secret  ${secret}`)
    output.say()
    output.say('The secret is not kept: store it now.')
    output.give({ clientId: client, clientSecret: secret, graceSeconds: graceS })
    return EXIT.fine
  },
})
