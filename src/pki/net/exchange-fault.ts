import type { ErrorDetails } from '../../std/error.ts'
import { PkiError } from '../pki-error.ts'

const faults = {
  url: 'the address is none that is asked',
  forbidden: 'the server is in a network that is not asked',
  network: 'the server could not be reached, or broke off',
  timeout: 'the server did not answer in time',
  status: 'the server refused the request',
  busy: 'the server could not answer just now',
  redirect: 'the server answered with another address',
  content_type: 'the server answered with something else',
  too_large: 'the answer is too long',
  aborted: 'the exchange was given up',
} as const

export type ExchangeFault = keyof typeof faults

/** Whether another attempt may help. */
const PASSING: ReadonlySet<unknown> = new Set<ExchangeFault>(['network', 'timeout', 'busy'])

/** The fault as an error. The address is left out: it may hold a customer's key. */
export function exchangeError(fault: ExchangeFault, details: ErrorDetails = {}): PkiError {
  return new PkiError('pki.exchange', faults[fault], { fault, ...details })
}

export function isPassing(error: unknown): boolean {
  return error instanceof PkiError && PASSING.has(error.details['fault'])
}

/** Whether a kept connection turned out to be closed. */
export function isStale(error: unknown): boolean {
  return error instanceof PkiError && error.details['stale'] === true
}
