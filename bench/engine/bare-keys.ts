import { sign } from 'node:crypto'
import type { Cases } from './contender.ts'
import { keyKinds, privateKeyOf, type World } from './world.ts'

/** As long as the attributes that a signature signs. */
const ATTRIBUTES = Buffer.alloc(250, 1)

/** The bare operation of each key: no signature can cost less. */
export function bareKeys({ people }: World): Cases {
  const cases = keyKinds.map((kind) => {
    const key = privateKeyOf(people[kind])
    return [kind, { work: () => sign('sha256', ATTRIBUTES, key) }] as const
  })
  return Object.fromEntries(cases)
}
