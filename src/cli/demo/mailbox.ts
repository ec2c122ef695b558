import { setTimeout as sleep } from 'node:timers/promises'
import { type Context, type OutboxMessage, readOutbox } from '../../core/index.ts'
import { Refused } from '../errors.ts'

/** Mail and telephone of the people of a sandbox. */
export type Mailbox = {
  /** Waits for a code that this address got and nobody has read yet. @throws Refused when none comes */
  nextCode(address: string): Promise<string>
}

const PATIENCE_MS = 10_000
const PAUSE_MS = 20
const NEWEST = 50

export function openMailbox(context: Context): Mailbox {
  const seen = new Set<string>()
  const unread = async (address: string): Promise<string | undefined> => {
    const messages = await readOutbox(context, { to: address, limit: NEWEST })
    const fresh = messages.filter(({ id }) => !seen.has(id))
    for (const { id } of fresh) seen.add(id)
    return fresh.map(codeIn).find((code) => code !== undefined)
  }
  return {
    async nextCode(address) {
      const until = performance.now() + PATIENCE_MS
      while (performance.now() < until) {
        const code = await unread(address)
        if (code !== undefined) return code
        await sleep(PAUSE_MS)
      }
      throw new Refused('demo.no_message', `No code came to ${address} within ${PATIENCE_MS / 1000} seconds.`)
    },
  }
}

const codeIn = ({ body }: OutboxMessage): string | undefined => /\b\d{6}\b/.exec(body)?.[0]
