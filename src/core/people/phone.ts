import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { Branded } from '../../std/ids.ts'
import { fail } from '../errors.ts'
import type { TenantMode } from '../tenants/tenant.ts'

/** A telephone number in E.164. */
export type Phone = Branded<string, 'Phone'>

/** Numbers of published examples: not assigned anywhere, good in a sandbox only. */
const SANDBOX_NUMBERS = new Set(['+50212345678'])

/** What a one-time code may be sent to. A fixed line may read messages aloud; nothing here may cost the called extra. */
const TYPES = new Set(['MOBILE', 'FIXED_LINE_OR_MOBILE', 'FIXED_LINE', 'PERSONAL_NUMBER', 'VOIP'])

/**
 * Reads a number with its country code. Mexican numbers in the old form `+52 1 …` are brought to the present one.
 *
 * Premium, shared-cost and satellite ranges are refused before any message is paid for.
 * @throws DomainError person.phone_invalid, person.phone_not_allowed
 */
export function normalisePhone(text: string, mode: TenantMode): Phone {
  const compact = text.replace(/[\s().-]/g, '')
  if (mode === 'sandbox' && SANDBOX_NUMBERS.has(compact)) return compact as Phone
  if (!/^\+[1-9]\d{6,14}$/.test(compact)) fail('person.phone_invalid')
  const number = parsePhoneNumberFromString(compact.replace(/^\+521(\d{10})$/, '+52$1'))
  if (!number?.isValid()) fail('person.phone_invalid')
  // No country: satellite networks and other international ranges.
  if (!number.country || !TYPES.has(number.getType() ?? '')) fail('person.phone_not_allowed')
  return number.number as string as Phone
}

/** The number with all but its last two digits hidden, for a screen or a message. */
export function maskPhone(phone: Phone): string {
  return `${phone.slice(0, 4)}${'•'.repeat(Math.max(0, phone.length - 6))}${phone.slice(-2)}`
}
