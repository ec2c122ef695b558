import type { Bytes } from '../../std/bytes.ts'
import type { GeneralName } from '../general-name.ts'
import { isHostName, isWithinDomain } from '../host-name.ts'
import { isWithinSubtree } from '../name-match.ts'
import { refuse } from '../pki-error.ts'

/** Forms whose constraints are carried out (RFC 5280 4.2.1.10). */
export function isSupportedForm(form: GeneralName['form']): boolean {
  return form !== 'otherName' && form !== 'x400Address' && form !== 'ediPartyName' && form !== 'registeredID'
}

/**
 * True when a name lies in the subtree of `base`. Names of different forms never do. `asExcluded` makes a wildcard
 * lie where any name it stands for does. Throws `pki.certificate` for a name to which no rule can be applied.
 */
export function isWithin(name: GeneralName, base: GeneralName, asExcluded: boolean): boolean {
  switch (name.form) {
    case 'directoryName':
      return base.form === 'directoryName' && isWithinSubtree(name.value, base.value)
    case 'rfc822Name':
      return base.form === 'rfc822Name' && isMailboxWithin(name.value, base.value)
    case 'dNSName':
      return base.form === 'dNSName' && isDomainWithin(name.value, base.value, asExcluded)
    case 'uniformResourceIdentifier':
      return base.form === 'uniformResourceIdentifier' && isHostWithin(hostOf(name.value), base.value)
    case 'iPAddress':
      return base.form === 'iPAddress' && isAddressWithin(name.value, base.value)
    default:
      return false
  }
}

function malformed(form: GeneralName['form']): never {
  return refuse('pki.certificate', `a ${form} to which no constraint can be applied`, { clause: 'RFC 5280 4.2.1.6' })
}

/** A base with `@` is one mailbox, a host all mailboxes of it, a host after a period all below it. */
function isMailboxWithin(mailbox: string, base: string): boolean {
  const at = mailbox.lastIndexOf('@')
  const host = mailbox.slice(at + 1)
  if (at < 1 || !isHostName(host)) malformed('rfc822Name')
  const baseAt = base.lastIndexOf('@')
  if (baseAt < 0) return isHostWithin(host, base)
  // The local part belongs to the host, which may tell capitals apart (RFC 5321 2.4).
  return mailbox.slice(0, at) === base.slice(0, baseAt) && isHostWithin(host, base.slice(baseAt + 1))
}

/** `base` is a host, or all below the host after its period. */
function isHostWithin(host: string, base: string): boolean {
  if (!base.startsWith('.')) return host.toLowerCase() === base.toLowerCase()
  return host.toLowerCase().endsWith(base.toLowerCase())
}

/** Unlike the others, a base without a period covers what lies below it too. */
function isDomainWithin(domain: string, base: string, asExcluded: boolean): boolean {
  const isWild = domain.startsWith('*.')
  const rest = isWild ? domain.slice(2) : domain
  if (!isHostName(rest)) malformed('dNSName')
  if (base === '') return true
  if (base.startsWith('.')) return isHostWithin(isWild ? `x.${rest}` : rest, base)
  // One label of any text before `rest` may make the base itself.
  const canBeBase = isWild && asExcluded && base.slice(base.indexOf('.') + 1).toLowerCase() === rest.toLowerCase()
  return canBeBase || isWithinDomain(rest, base)
}

/** The host of a URI. One without an authority, or whose host is an address, cannot be judged (4.2.1.10). */
function hostOf(uri: string): string {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(uri)?.[1] ?? ''
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:\d*$/, '')
  return isHostName(host) ? host : malformed('uniformResourceIdentifier')
}

/** `base` is an address with its mask; IPv4 and IPv6 are strangers. */
function isAddressWithin(address: Bytes, base: Bytes): boolean {
  const { length } = address
  if (length !== 4 && length !== 16) malformed('iPAddress')
  if (base.length !== 2 * length) return false
  return address.every((byte, index) => {
    const mask = base[length + index] ?? 0
    return (byte & mask) === ((base[index] ?? 0) & mask)
  })
}
