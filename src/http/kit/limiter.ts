import { type Context, DomainError } from '../../core/index.ts'
import type { Clock } from '../../std/time.ts'
import { addressKey, openBuckets, type RateLimits } from './rate-limit.ts'

/** Guards the doors against too many requests. Each `admit…` throws `request.limited` with the seconds to wait. */
export type Limiter = {
  /** Before anything is known of a caller: refuses an address that has lately been refused too often. */
  admitAddress(address: string): void
  /** Once a caller is known: takes one call from the actor, and one from the company. */
  admit(caller: Pick<Context, 'actor' | 'tenant'>): void
  /** Counts a request that was refused without a valid credential. */
  countRefusal(address: string): void
}

export function openLimiter(rates: RateLimits, clock: Clock): Limiter {
  const actors = openBuckets(rates.actor, clock)
  const tenants = openBuckets(rates.tenant, clock)
  const addresses = openBuckets(rates.address, clock)
  return {
    admitAddress: (address) => refuseFor(addresses.wait(addressKey(address))),
    admit({ actor, tenant }) {
      refuseFor(actors.take(`${actor.kind}:${actor.id}`))
      refuseFor(tenants.take(tenant.id))
    },
    countRefusal(address) {
      addresses.take(addressKey(address))
    },
  }
}

function refuseFor(seconds: number): void {
  if (seconds > 0) throw new DomainError('request.limited', { retryAfterSeconds: seconds })
}
