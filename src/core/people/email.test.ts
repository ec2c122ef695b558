import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseEmail } from './email.ts'

const refusal = expect.objectContaining({ code: 'person.email_invalid' })
const local64 = 'a'.repeat(64)
/** `local64@`, then labels of 63 up to the wanted length. */
const ofLength = (length: number): string => {
  const rest = length - local64.length - 1 - 4
  const labels = Array.from({ length: Math.ceil(rest / 64) }, (_, i) => 'b'.repeat(Math.min(63, rest - 64 * i)))
  return `${local64}@${labels.join('.')}.com`
}

describe('an address is refused', () => {
  test.each([
    ['that is empty', ''],
    ['without an @', 'ana.example.com'],
    ['without a local part', '@example.com'],
    ['without a domain', 'ana@'],
    ['with two @', 'ana@evil.com@example.com'],
    ['with an @ in quotes', '"ana@evil.com"@example.com'],
    ['with a quoted local part', '"ana"@example.com'],
    ['with a name around it', 'Ana <ana@example.com>'],
    ['with a comment', 'ana(x)@example.com'],
    ['that is a list', 'ana@example.com,eva@example.com'],
    ['with a blank before it', ' ana@example.com'],
    ['with a blank behind it', 'ana@example.com '],
    ['with a blank in the local part', 'an a@example.com'],
    ['with a header behind it', 'ana@example.com\r\nBcc: eva@example.com'],
    ['with a line end behind it', 'ana@example.com\n'],
    ['with a line end in the domain', 'ana@exam\r\nple.com'],
    ['with a tab in the domain', 'ana@exam\tple.com'],
    ['with a line end in the local part', 'an\r\na@example.com'],
    ['with NUL', 'ana\0@example.com'],
    ['with a path behind the domain', 'ana@example.com/evil'],
    ['with a query behind the domain', 'ana@example.com?evil'],
    ['with a fragment behind the domain', 'ana@example.com#evil'],
    ['with a backslash behind the domain', 'ana@example.com\\evil'],
    ['with a port', 'ana@example.com:25'],
    ['with an escape in the domain', 'ana@ex%61mple.com'],
    ['with a full-width slash behind the domain', 'ana@example.com／evil'],
    ['with a dot at the start', '.ana@example.com'],
    ['with a dot at the end of the local part', 'ana.@example.com'],
    ['with two dots in the local part', 'ana..b@example.com'],
    ['with two dots in the domain', 'ana@example..com'],
    ['with two dots at the end', 'ana@example.com..'],
    ['of a host without a domain', 'ana@localhost'],
    ['of an IPv4 literal', 'ana@[192.0.2.1]'],
    ['of an IPv6 literal', 'ana@[IPv6:2001:db8::1]'],
    ['of an IPv4 number', 'ana@192.0.2.1'],
    ['of an IPv4 number in hexadecimal', 'ana@0xc0.0.2.1'],
    ['of a domain that ends in a number', 'ana@example.123'],
    ['of a label that begins with a hyphen', 'ana@-example.com'],
    ['of a label with an underscore', 'ana@ex_ample.com'],
    ['of a label of 64', `ana@${'a'.repeat(64)}.com`],
    ['with a Cyrillic а in the local part', '\u0430na@example.com'],
    ['with a full-width letter in the local part', '\uff41na@example.com'],
    ['with a Kelvin sign, whose lower case is k', '\u212aim@example.com'],
    ['with a dotted capital I', '\u0130na@example.com'],
    ['with an umlaut in the local part', 'jürgen@example.com'],
    ['with a lone surrogate', 'ana@exa\ud800mple.com'],
    ['with a local part of 65', `${local64}a@example.com`],
    ['of 255 characters', ofLength(255)],
    ['of 321 characters', `${'a'.repeat(64)}@${'b'.repeat(252)}.com`],
    ['of a megabyte', `${'a'.repeat(1_000_000)}@example.com`],
  ])('%s', (_, text) => {
    expect(() => normaliseEmail(text)).toThrow(refusal)
  })
})

describe('an address is brought to one form', () => {
  test.each([
    ['Ana.Ruiz@Example.COM', 'ana.ruiz@example.com'],
    ['ana+news@example.com', 'ana+news@example.com'],
    ['ana@example.com.', 'ana@example.com'],
    ['ana@ｅｘａｍｐｌｅ.com', 'ana@example.com'],
    ['ana@example。com', 'ana@example.com'],
    ['ana@Bücher.example', 'ana@xn--bcher-kva.example'],
    ['ana@XN--BCHER-KVA.example', 'ana@xn--bcher-kva.example'],
    ['ana@b\u0075\u0308cher.example', 'ana@xn--bcher-kva.example'],
    // A look-alike domain stays another domain, and shows it.
    ['ana@ex\u0430mple.com', 'ana@xn--exmple-4nf.com'],
    ["o'neil!#$%&*/=?^_`{|}~-@example.com", "o'neil!#$%&*/=?^_`{|}~-@example.com"],
    [`${local64}@example.com`, `${local64}@example.com`],
    [ofLength(254), ofLength(254)],
  ])('%j becomes %j', (text, normal) => {
    expect(normaliseEmail(text)).toBe(normal)
  })
})

test('normalising twice is normalising once, and what comes out is one line of visible ASCII', () => {
  const local = fc.stringMatching(/^[A-Za-z0-9!+_.-]{1,20}$/)
  const text = fc.oneof(
    fc.emailAddress(),
    fc.tuple(local, fc.webUrl()).map(([a, b]) => `${a}@${b.slice(8)}`),
    fc.string(),
  )
  fc.assert(
    fc.property(text, (some) => {
      const once = normalised(some)
      if (once === undefined) return
      expect(once).toMatch(/^[\x21-\x7e]+$/)
      expect(once).toBe(once.toLowerCase())
      expect(normaliseEmail(once)).toBe(once)
    }),
  )
})

function normalised(text: string): string | undefined {
  try {
    return normaliseEmail(text)
  } catch {
    return undefined
  }
}
