import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { exchangeError } from './exchange-fault.ts'

/** Whether an address in its numeric form may be connected to. */
export type AddressGuard = (address: string) => boolean

/** Throws `pki.exchange` for a host that is an address in itself and not to be reached: no name is looked up for it. */
export function requireReachable({ hostname }: URL, isReachable: AddressGuard): void {
  const address = hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(address) !== 0 && !isReachable(address)) throw exchangeError('forbidden')
}

/**
 * Looks a name up for a connection. A name with any address that is not to be reached is refused as a whole, and the
 * connection goes to an address that was seen here: a name that changes its mind gains nothing.
 */
export function guardedLookup(isReachable: AddressGuard): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses = []) => {
      const [first] = addresses
      if (error || !first) return callback(error ?? exchangeError('network'), '')
      if (!addresses.every(({ address }) => isReachable(address))) return callback(exchangeError('forbidden'), '')
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
    })
  }
}
