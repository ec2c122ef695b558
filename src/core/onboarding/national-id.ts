import { stdnum } from 'stdnum'
import { fail } from '../errors.ts'

/**
 * Reads a Guatemalan DPI (CUI): eight digits, a check digit (mod 11, weights 2 to 9), department and municipality.
 * Spaces and hyphens are how people write it and are dropped. Says nothing about whether it was ever issued.
 *
 * @throws DomainError onboarding.national_id_invalid
 */
export function readDpi(text: string): string {
  const digits = text.replace(/[\s-]/g, '')
  // Municipalities count from 01; the library lets 00 pass.
  const shaped = /^[0-9]{13}$/.test(digits) && !digits.endsWith('00')
  if (!shaped || !stdnum['GT']?.['cui']?.validate(digits).isValid) fail('onboarding.national_id_invalid')
  return digits
}
