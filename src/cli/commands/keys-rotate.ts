import { rotateTokenKeys } from '../../core/index.ts'
import { command } from '../command.ts'
import { EXIT } from '../exit-code.ts'
import { withExistingPlatform } from '../with-platform.ts'

export const keysRotate = command({
  about: 'Tokens of the old keys stay good until they expire. Servers that run take the new keys within seconds.',
  operands: {},
  options: {
    'end-now': {
      type: 'boolean',
      about: 'Refuse every token that was ever issued: after a leak, or after restoring a backup.',
    },
  },
  async run(tools, { options }, output) {
    const endNow = options['end-now']
    await withExistingPlatform(tools, (platform) => rotateTokenKeys(platform, { endNow }))
    output.say(endNow ? 'New keys; every token from before is refused.' : 'New keys; tokens from before run out.')
    output.give({ rotated: true, endNow })
    return EXIT.fine
  },
})
