/** A value of `Base` that cannot be mixed up with another kind. */
export type Branded<Base, Brand extends string> = Base & { readonly __brand: Brand }

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const ULID_TIME_LENGTH = 10
const ULID_RANDOM_BYTES = 10

/**
 * A ULID: 48 bits of time in milliseconds, 80 bits of chance, 26 characters of Crockford's base 32.
 * Sorts by time. Not a secret: never use one as a capability.
 */
export function ulid(atMs: number, random: (bytes: number) => Uint8Array): string {
  let time = ''
  let rest = atMs
  for (let i = 0; i < ULID_TIME_LENGTH; i++) {
    time = CROCKFORD.charAt(rest % 32) + time
    rest = Math.floor(rest / 32)
  }
  let chance = ''
  let bits = 0
  let held = 0
  for (const byte of random(ULID_RANDOM_BYTES)) {
    held = (held << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      chance += CROCKFORD.charAt((held >> bits) & 31)
    }
    held &= (1 << bits) - 1
  }
  return time + chance
}

/** True for 26 characters of Crockford's alphabet whose time fits 48 bits. */
export function isUlid(value: string): boolean {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(value)
}

/** A UUID of version 8 (RFC 9562 §5.8) made from the first 16 of the given bytes. */
export function uuidFrom(bytes: Uint8Array): string {
  const b = Buffer.from(bytes.subarray(0, 16))
  if (b.length < 16) throw new RangeError('a UUID needs 16 bytes')
  b[6] = ((b[6] ?? 0) & 0x0f) | 0x80
  b[8] = ((b[8] ?? 0) & 0x3f) | 0x80
  const hex = b.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** True for the textual form of any UUID, either case. */
export function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)
}
