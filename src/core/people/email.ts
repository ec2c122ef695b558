import { domainToASCII } from 'node:url'
import type { Branded } from '../../std/ids.ts'
import { fail } from '../errors.ts'

/** An address in the one form under which the platform knows its mailbox. */
export type Email = Branded<string, 'Email'>

/** RFC 5321 §4.5.3.1: local part, whole path less its brackets, and RFC 1035 §2.3.4 for a label. */
const MAX_LOCAL = 64
const MAX_ADDRESS = 254
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
/** dot-atom of RFC 5322 §3.2.3. Quoted local parts are legal, unused, and a way to smuggle header text. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/
/**
 * What of ASCII a domain is written with. Checked before the conversion, which reads like a URL: it drops line ends,
 * decodes `%61`, and stops at a slash, so that two texts would be one mailbox.
 */
const DOMAIN = /^[A-Za-z0-9.\u{80}-\u{10ffff}-]+$/u

/**
 * Normalises an address once: lower case, domain in ASCII (IDNA), no dot at its end. A plus tag is part of the address.
 *
 * A local part beyond ASCII is refused: look-alike letters would make two accounts that a person cannot tell apart.
 * @throws DomainError person.email_invalid
 */
export function normaliseEmail(text: string): Email {
  if (text.length > MAX_ADDRESS + 1) fail('person.email_invalid')
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(0, at))
  const domain = asciiDomain(text.slice(at + 1).replace(/\.$/, ''))
  // Lower case comes after the check: some letters beyond ASCII, the Kelvin sign for one, have an ASCII lower case.
  const valid = local.length <= MAX_LOCAL && LOCAL.test(local) && isHost(domain)
  const address = `${local.toLowerCase()}@${domain}`
  if (!valid || address.length > MAX_ADDRESS) fail('person.email_invalid')
  return address as Email
}

/** The domain in ASCII; empty when it is none. */
function asciiDomain(text: string): string {
  return DOMAIN.test(text) ? domainToASCII(text) : ''
}

/** A name with at least two labels, the last one not a number: an address literal is nobody's mailbox here. */
function isHost(domain: string): boolean {
  const labels = domain.split('.')
  return labels.length >= 2 && labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '')
}
