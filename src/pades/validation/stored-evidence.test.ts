import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SigningWorld, startSigningWorld } from '../../../test/support/signing-world.ts'
import { bytesSource, openPdf, RevisionWriter, readDict } from '../../pdf/index.ts'
import { buildPdf } from '../../pdf/testing/pdf-builder.ts'
import { readSecurityStore } from '../evidence/security-store.ts'

const SIGNED = '2026-11-20T12:00:00Z'
const pdf = buildPdf('table')

let world: SigningWorld
let stamped: Buffer
let stored: Buffer
beforeAll(async () => {
  world = await startSigningWorld()
  world.setTime(SIGNED)
  stamped = await world.signed(pdf, 'B-T', world.person())
  stored = await world.extended(stamped, 'B-LT')
})
afterAll(() => world[Symbol.asyncDispose]())

/** The time-stamped document with another security store: each key with the streams that it lists. */
function withStore(lists: Readonly<Record<string, readonly Uint8Array[]>>, entries = ''): Buffer {
  const document = openPdf(bytesSource(stamped))
  const writer = new RevisionWriter(document)
  const listed = Object.entries(lists).map(([key, values]) => {
    const refs = values.map((value) => {
      const ref = writer.allocate()
      writer.putStream(ref, new Map(), value)
      return `${ref.number} 0 R`
    })
    return `/${key}[${refs.join(' ')}]`
  })
  const catalog = Buffer.from(document.object(document.catalogRef)?.value ?? []).toString('latin1')
  const changed = catalog.replace(/^<</, `<</DSS<<${listed.join('')}${entries}>>`)
  if (!readDict(Buffer.from(changed, 'latin1'))) throw new Error('the catalog is spoilt')
  writer.put(document.catalogRef, changed)
  return Buffer.concat([stamped, writer.finish(Buffer.from('store')).tail])
}

const evidence = () => readSecurityStore(openPdf(bytesSource(stored)))

describe('B-LT is what has all it takes', () => {
  test.each<[string, () => Buffer, string]>([
    ['complete', () => withStore(lists({})), 'PAdES-B-LT'],
    ['without certificates that came with the signature anyhow', () => withStore(lists({ Certs: [] })), 'PAdES-B-LT'],
    ['without any status', () => withStore(lists({ OCSPs: [] })), 'PAdES-B-T'],
    ['with all but one status', () => withStore(lists({ OCSPs: evidence().ocsps.slice(1) })), 'PAdES-B-T'],
  ])('%s', async (_, build, format) => {
    expect(await world.judged(build(), SIGNED)).toMatchObject({ format })
  })

  function lists(change: Readonly<Record<string, readonly Uint8Array[]>>) {
    const { certificates, ocsps, crls } = evidence()
    return { Certs: certificates, OCSPs: ocsps, CRLs: crls, ...change }
  }
})

describe('what is odd about the store is told', () => {
  const codes = async (bytes: Buffer) => (await world.report(bytes, SIGNED)).findings.map(({ code }) => code)

  test('streams that hold something else', async () => {
    const nonsense = [Buffer.from('3003020100', 'hex')]
    expect(await codes(withStore({ Certs: nonsense, OCSPs: nonsense, CRLs: nonsense }))).toEqual([
      'evidence.certificate_unreadable',
      'evidence.ocsp_unreadable',
      'evidence.crl_unreadable',
    ])
  })

  test('a list of what is no stream', async () => {
    expect(await codes(withStore({}, '/Certs[1 0 R]'))).toEqual(['dss.unreadable'])
  })

  test('entries for single signatures that leave this one out', async () => {
    const contents = /\/Contents<([0-9a-f]+)>/i.exec(stamped.toString('latin1'))?.[1] ?? ''
    const key = createHash('sha1').update(Buffer.from(contents, 'hex')).digest('hex')
    expect(await codes(withStore({}, `/VRI<</${key.toUpperCase()} <<>> >>`))).toEqual([])
    expect(await codes(withStore({}, `/VRI<</${'0'.repeat(40)} <<>> >>`))).toEqual(['dss.no_entry'])
  })
})
