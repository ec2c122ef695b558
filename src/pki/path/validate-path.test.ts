import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findPath, newLinkCache, PkiError, readCertificate, validatePath } from '../index.ts'
import { authority, buildChain, type Chain, patched, person } from '../testing/chain-builder.ts'
import { deep, plain, VECTOR_TIME } from '../testing/path-vectors/path-vector.ts'
import type { LinkCache } from './link-cache.ts'

const time = new Date(VECTOR_TIME)
const read = (chain: Chain) => [...buildChain(chain).values()].map(readCertificate)
/** The certificates of a chain, the leaf first. */
const pathOf = (chain: Chain) => read(chain).reverse()

function counting(): LinkCache & { readonly asked: (boolean | undefined)[] } {
  const cache = newLinkCache()
  const asked: (boolean | undefined)[] = []
  const get = (link: string) => {
    const known = cache.get(link)
    asked.push(known)
    return known
  }
  return { asked, get, set: cache.set.bind(cache) }
}

describe('a path that is given as it is', () => {
  test('is refused where a name does not chain', () => {
    const path = pathOf(patched(plain, { person: { signer: 'ca', issuer: 'root' } }))
    const input = { anchors: path.slice(-1), intermediates: [], time }
    expect(validatePath(path, input)).toMatchObject({
      ok: false,
      reason: 'name_chaining',
      clause: 'RFC 5280 6.1.3 (a)(4)',
      at: path[0],
    })
  })

  test('is refused when it ends at nobody who is trusted', () => {
    const path = pathOf(plain)
    expect(validatePath(path, { anchors: read({ other: authority() }), intermediates: [], time })).toMatchObject({
      reason: 'no_path',
      clause: 'RFC 5280 6.1.1 (d)',
    })
  })

  test('is refused when a certificate is left out', () => {
    const [leaf, , ...above] = pathOf(deep)
    const path = leaf ? [leaf, ...above] : []
    expect(validatePath(path, { anchors: path.slice(-1), intermediates: [], time }).ok).toBe(false)
  })

  test('cannot be empty', () => {
    expect(() => validatePath([], { anchors: [], intermediates: [], time })).toThrow(RangeError)
  })

  test('is valid when it is right', () => {
    const path = pathOf(deep)
    expect(validatePath(path, { anchors: path.slice(-1), intermediates: [], time })).toEqual({
      ok: true,
      path,
      policies: [],
    })
  })
})

describe('links that were verified before', () => {
  const input = (chain: Chain, links: LinkCache, moment = time) => {
    const [leaf, ...others] = pathOf(chain)
    return { leaf, input: { anchors: others.slice(-1), intermediates: others.slice(0, -1), time: moment, links } }
  }
  const find = (chain: Chain, links: LinkCache, moment = time) => {
    const { leaf, input: asked } = input(chain, links, moment)
    if (leaf === undefined) throw new RangeError('a chain has a leaf')
    return findPath(leaf, asked)
  }

  test('say nothing about validity, names or the rights of an authority', () => {
    const links = newLinkCache()
    expect(find(plain, links).ok).toBe(true)
    expect(find(plain, links, new Date('2045-01-01T00:00:00Z'))).toMatchObject({ reason: 'expired' })
  })

  test('are those of the very bytes: another signature is verified anew', () => {
    const links = newLinkCache()
    expect(find(plain, links).ok).toBe(true)
    expect(find(patched(plain, { person: { signer: 'stranger' } }), links)).toMatchObject({ reason: 'bad_signature' })
  })

  test('remember what did not hold as well', () => {
    const links = counting()
    const [root, ca, leaf] = read(patched(plain, { person: { signer: 'stranger' } }))
    if (!root || !ca || !leaf) throw new RangeError('a chain of three')
    const asked = { anchors: [root], intermediates: [ca], time, links }
    const first = findPath(leaf, asked)
    expect(findPath(leaf, asked)).toEqual(first)
    expect(links.asked).toEqual([undefined, false])
  })

  test('are not verified again for certificates that were read again', () => {
    const links = counting()
    const encoded = [...buildChain(plain).values()]
    const again = () => {
      const [root, ca, leaf] = encoded.map(readCertificate)
      return root && ca && leaf && findPath(leaf, { anchors: [root], intermediates: [ca], time, links })
    }
    expect([again(), again()].map((result) => result?.ok)).toEqual([true, true])
    expect(links.asked).toEqual([undefined, undefined, true, true])
  })

  test('are forgotten, the oldest first', () => {
    const links = newLinkCache(2)
    for (const link of ['a', 'b', 'c']) links.set(link, true)
    expect(['a', 'b', 'c'].map((link) => links.get(link))).toEqual([undefined, true, true])
  })
})

test('a refusal for weakness says since when', () => {
  const path = pathOf(patched(plain, { person: { key: 'RSA-2048:person' } }))
  const input = { anchors: path.slice(-1), intermediates: [], time: new Date('2030-01-01T00:00:00Z') }
  expect(validatePath(path, input)).toMatchObject({ reason: 'weak_algorithm', until: new Date('2029-01-01T00:00:00Z') })
})

test('a list of anchors that grew is seen as it is', () => {
  const [root, ca, leaf] = read(plain)
  if (!root || !ca || !leaf) throw new RangeError('a chain of three')
  const anchors = read({ other: authority() })
  expect(findPath(leaf, { anchors, intermediates: [ca], time }).ok).toBe(false)
  anchors.push(root)
  expect(findPath(leaf, { anchors, intermediates: [ca], time }).ok).toBe(true)
})

test('a bit turned anywhere in a chain never makes it valid and never breaks the validator', () => {
  const encoded = [...buildChain(patched(deep, { person: person({ identified: true }) })).values()]
  const [anchor, ...below] = encoded
  const bits = fc.record({
    index: fc.nat(below.length - 1),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    bit: fc.nat(7),
  })
  fc.assert(
    fc.property(bits, ({ index, at, bit }) => {
      const changed = below.map((der, one) => (one === index ? turned(der, Math.floor(at * der.length), bit) : der))
      try {
        const [leaf, ...intermediates] = changed.map(readCertificate).reverse()
        if (!anchor || !leaf) throw new RangeError('a chain has a leaf')
        expect(findPath(leaf, { anchors: [readCertificate(anchor)], intermediates, time }).ok).toBe(false)
      } catch (error) {
        if (!(error instanceof PkiError)) throw error
      }
    }),
    { numRuns: 1000 },
  )
})

function turned(der: Uint8Array, at: number, bit: number): Buffer {
  const out = Buffer.from(der)
  out[at] = (out[at] ?? 0) ^ (1 << bit)
  return out
}
