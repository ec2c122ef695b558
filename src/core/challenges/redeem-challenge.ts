import { record } from '../audit/record.ts'
import type { Context, Tx } from '../context.ts'
import { type Bound, codeMac, isMagic } from './challenge.ts'
import { type ChallengeHandle, evaluate } from './challenges.store.ts'
import { ANOMALY, EVALUATION, giveBack, isUsedUp, take } from './limits.ts'

/**
 * Whether this answer consumed the challenge. A verdict and not a refusal: the transaction has to commit the try
 * that a wrong answer cost, so the caller refuses after the commit, with `challenge.failed` and nothing else.
 *
 * Counted per session (three tries), per account (ten an hour) and per tenant (anomaly), each in one statement.
 */
export async function redeemChallenge(
  context: Context,
  tx: Tx,
  challenge: ChallengeHandle | undefined,
  answer: Bound & { readonly code: string },
): Promise<boolean> {
  const { clock, tenant, vault } = context
  if (!challenge) return await refuse(context, tx, answer, 'unknown')
  // One guess on each of many accounts passes every other limit: stop evaluating until it is quiet again.
  if (await isUsedUp(context, tx, WRONG_CODES, ANOMALY)) return await refuse(context, tx, answer, 'anomaly')
  const account = `evaluate:${answer.purpose}:${answer.addressMac.toString('base64url')}`
  const own = `evaluate:${answer.purpose}:${challenge.addressMac.toString('base64url')}`
  // An answer for one account in another's session counts on both; locked in one order, so that two such calls never deadlock.
  for (const key of [...new Set([account, own])].sort()) {
    if (!(await take(context, tx, key, EVALUATION))) return await refuse(context, tx, answer, 'account_limit')
  }
  const won = await evaluate(tx, challenge.id, {
    ...answer,
    codeMac: codeMac(vault, challenge.id, answer.code),
    magic: isMagic(tenant, answer.code),
    at: clock.now(),
  })
  if (!won) return await refuse(context, tx, answer, 'refused')
  await giveBack(context, tx, account)
  return true
}

const WRONG_CODES = 'anomaly:wrong-codes'

async function refuse(context: Context, tx: Tx, answer: Bound, why: string): Promise<false> {
  const usual = await take(context, tx, WRONG_CODES, ANOMALY)
  if (!usual) {
    context.log.error(
      { tenant: context.tenant.id, limit: ANOMALY.max },
      'more wrong one-time codes than usual: evaluation pauses',
    )
  }
  await record(context, tx, {
    action: 'challenge.failed',
    subject: { kind: 'address', id: answer.addressMac.toString('base64url') },
    details: { purpose: answer.purpose, why, anomaly: !usual },
  })
  return false
}
