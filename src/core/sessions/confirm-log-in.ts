import { isUuid } from '../../std/ids.ts'
import { announce } from '../audit/record.ts'
import { NO_BINDING, readCode, sessionHash } from '../challenges/challenge.ts'
import { findBySession } from '../challenges/challenges.store.ts'
import { redeemChallenge } from '../challenges/redeem-challenge.ts'
import type { Context, Tx } from '../context.ts'
import { fail } from '../errors.ts'
import { ensureOnboarding } from '../onboarding/ensure-onboarding.ts'
import type { Onboarding } from '../onboarding/onboarding.ts'
import { normaliseEmail } from '../people/email.ts'
import { findPerson, markEmailVerified, readPersonData, sealOfPerson } from '../people/people.store.ts'
import { addressMac, fullName, type PersonId } from '../people/person.ts'
import { actingClient } from '../tenants/acting-client.ts'
import { issuePersonTokens, type PersonTokens } from './issue-tokens.ts'

export type LogInConfirmation = {
  readonly email: string
  readonly session: string
  readonly userId: string
  readonly code: string
  readonly clientId: string
}

export type LoggedIn = PersonTokens & {
  /** The onboarding that waits for its next step, or null when the person is proven. */
  readonly onboarding: Onboarding | null
}

/**
 * Confirms a log-in with the code from the mail. Session, client, address, user and code have to belong together; the
 * refusal is the same whichever does not.
 *
 * @throws DomainError credential.wrong_client, challenge.failed, challenge.malformed, person.email_invalid
 */
export async function confirmLogIn(context: Context, input: LogInConfirmation): Promise<LoggedIn> {
  const { vault, tenant } = context
  const clientId = actingClient(context, input.clientId)
  const code = readCode(input.code)
  const email = normaliseEmail(input.email)
  const mac = addressMac(vault, tenant.id, email)
  // A user id of another form is as wrong as another user's.
  const personId = (isUuid(input.userId) ? input.userId.toLowerCase() : NOBODY) as PersonId
  const confirmed = await context.db.transaction(async (tx) => {
    const challenge = await findBySession(tx, sessionHash(input.session))
    const won = await redeemChallenge(context, tx, challenge, {
      purpose: 'login',
      channel: 'email',
      clientId,
      personId,
      addressMac: mac,
      binding: NO_BINDING,
      code,
    })
    return won ? await logIn(context, tx, personId, clientId) : undefined
  })
  if (!confirmed) fail('challenge.failed')
  const ring = await context.tokenRing()
  const tokens = await issuePersonTokens(context, ring, {
    id: personId,
    clientId,
    ...confirmed.profile,
  })
  return { ...tokens, onboarding: confirmed.onboarding }
}

const NOBODY = '00000000-0000-0000-0000-000000000000'

/** What a right code brings about, in the transaction that consumed it. */
async function logIn(
  context: Context,
  tx: Tx,
  personId: PersonId,
  clientId: string,
): Promise<{
  readonly onboarding: Onboarding | null
  readonly profile: { readonly email: string; readonly name: string | null }
}> {
  const person = await findPerson(tx, personId)
  if (!person || person.disabled) fail('challenge.failed')
  await markEmailVerified(tx, personId, context.clock.now())
  const onboarding = person.proofingId === null ? await ensureOnboarding(context, tx, personId, clientId) : null
  const { email, identity } = await readPersonData(tx, await sealOfPerson(tx, context.vault, personId), personId)
  await announce(context, tx, {
    action: 'login.confirmed',
    subject: { kind: 'person', id: personId },
    details: { clientId },
  })
  return { onboarding, profile: { email, name: identity && fullName(identity) } }
}
