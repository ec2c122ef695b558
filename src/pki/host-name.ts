const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/i
const MAX_HOST_LENGTH = 253

/** True for a name of labels in the preferred syntax (RFC 1034 3.5), without a root dot, that is no IPv4 address. */
export function isHostName(text: string): boolean {
  if (text.length > MAX_HOST_LENGTH) return false
  const labels = text.split('.')
  // A last label of digits alone makes an address, or something that is taken for one.
  return labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '')
}

/** True when `host` is `domain` itself or lies below it. Both are compared without regard to case. */
export function isWithinDomain(host: string, domain: string): boolean {
  const [inner, outer] = [host.toLowerCase(), domain.toLowerCase()]
  return inner === outer || inner.endsWith(`.${outer}`)
}
