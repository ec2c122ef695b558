import type { Context } from '../context.ts'
import { fail } from '../errors.ts'

/**
 * The client that acts. What it says it is has to be what its token says.
 * @throws DomainError credential.wrong_client
 */
export function actingClient(context: Pick<Context, 'actor'>, claimedId: string): string {
  const { actor } = context
  if (actor.kind !== 'client' || actor.id !== claimedId) fail('credential.wrong_client')
  return actor.id
}
