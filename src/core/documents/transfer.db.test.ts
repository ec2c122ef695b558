import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type Company, logIn, type Member, openCompany, piecesOf, upload } from '../../../test/support/core-journey.ts'
import { type CorePlatform, openCorePlatform } from '../../../test/support/core-platform.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../std/time.ts'
import type { Platform } from '../context.ts'
import { createUpload } from './create-upload.ts'
import { createDownload, redeemDownload } from './download.ts'
import { FileError } from './file-store.ts'
import { openUpload, receiveUpload } from './receive-upload.ts'
import { TIERS } from './tier.ts'

let platform: CorePlatform
let company: Company
let ana: Member

beforeAll(async () => {
  platform = await openCorePlatform()
})
beforeEach(async () => {
  platform.clock.move(DAY_MS)
  company = await openCompany(platform)
  ana = await logIn(company, 'anna@example.com')
})
afterAll(() => platform.close())

const HELLO = Buffer.from('%PDF-1.7 hello')
const OTHER = Buffer.from('%PDF-1.7 other')
const open = async (fileName = 'contract.pdf', member = ana) => {
  const { fields, documentId } = await createUpload(member.context, { tier: 'tier-1', fileName })
  return { fields: new Map<string, string>(Object.entries(fields)), documentId }
}
const receive = async (
  fields: ReadonlyMap<string, string>,
  stream: AsyncIterable<Uint8Array>,
  some: Platform = platform,
) => await receiveUpload(await openUpload(some, fields, 'test'), stream)
const send = (fields: ReadonlyMap<string, string>, bytes: Uint8Array) => receive(fields, piecesOf(bytes))
const contentOf = async (id: string): Promise<{ sha256: string | null; path: string } | undefined> => {
  const rows = await platform.behind.administer<{ sha256: string | null; path: string }>(
    'select sha256, path from documents where id = $1',
    [id],
  )
  return rows[0]
}
/** So many bytes in pieces of a megabyte, and how many of them were asked for. */
function* zeros(count: number): Generator<Uint8Array> {
  const piece = Buffer.alloc(1024 * 1024)
  for (let left = count; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length))
}
async function* flowing(pieces: Iterable<Uint8Array>): AsyncIterable<Uint8Array> {
  yield* pieces
}

describe('an upload is refused', () => {
  test('that is one byte too large, and nothing of it stays', async () => {
    const { fields, documentId } = await open()
    await expect(receive(fields, flowing(zeros(TIERS['tier-1'].maxBytes + 1)))).rejects.toMatchObject({
      code: 'document.too_large',
      details: { maxBytes: TIERS['tier-1'].maxBytes },
    })
    expect((await contentOf(documentId))?.sha256).toBeNull()
  })

  test('without end, as soon as it is too large', async () => {
    const { fields } = await open()
    let asked = 0
    async function* endless() {
      const piece = Buffer.alloc(1024 * 1024)
      for (;;) {
        asked += piece.length
        yield piece
      }
    }
    await expect(receive(fields, endless())).rejects.toMatchObject({ code: 'document.too_large' })
    expect(asked).toBeLessThanOrEqual(TIERS['tier-1'].maxBytes + 1024 * 1024)
  })

  test('that is empty', async () => {
    const { fields, documentId } = await open()
    await expect(send(fields, Buffer.alloc(0))).rejects.toMatchObject({ code: 'document.upload_malformed' })
    expect((await contentOf(documentId))?.sha256).toBeNull()
  })

  test('that breaks off', async () => {
    const { fields, documentId } = await open()
    async function* broken() {
      yield HELLO
      throw new Error('the connection broke')
    }
    await expect(receive(fields, broken())).rejects.toThrow('the connection broke')
    expect((await contentOf(documentId))?.sha256).toBeNull()
    await expect(send(fields, HELLO)).resolves.toMatchObject({ size: HELLO.length })
  })

  test('when the disk is full', async () => {
    const { fields, documentId } = await open()
    const full: Platform = {
      ...platform,
      files: { ...platform.files, put: async () => Promise.reject(new FileError('files.no_space')) },
    }
    await expect(receive(fields, piecesOf(HELLO), full)).rejects.toMatchObject({ code: 'platform.no_space' })
    expect((await contentOf(documentId))?.sha256).toBeNull()
  })

  test('at the end of its form, and not before', async () => {
    const [late, timely] = [await open('late.pdf'), await open('timely.pdf')]
    platform.clock.move(TIERS['tier-1'].lifetimeMs - 1)
    await expect(send(timely.fields, HELLO)).resolves.toBeDefined()
    platform.clock.move(1)
    await expect(send(late.fields, HELLO)).rejects.toMatchObject({ code: 'document.upload_denied' })
  })

  test('with the form of another company', async () => {
    const other = await openCompany(platform)
    const theirs = await open('contract.pdf', await logIn(other, 'anna@example.com'))
    const { fields } = await open()
    for (const name of ['x-amz-credential', 'x-amz-signature', 'policy', 'key']) {
      const mixed = new Map([...fields, [name, theirs.fields.get(name) ?? '']])
      await expect(send(mixed, HELLO), name).rejects.toMatchObject({ code: 'document.upload_denied' })
    }
  })

  test('of a company that was suspended since', async () => {
    const { fields } = await open()
    await platform.behind.administer('update tenants set suspended_at = now() where tenant_id = $1', [
      company.tenant.id,
    ])
    await expect(send(fields, HELLO)).rejects.toMatchObject({ code: 'tenant.suspended' })
  })

  test('of a person who was disabled since', async () => {
    const { fields } = await open()
    await platform.behind.administer('update people set disabled_at = now() where id = $1', [ana.id])
    await expect(send(fields, HELLO)).rejects.toMatchObject({ code: 'document.upload_denied' })
  })

  test('of other bytes into a document that has some', async () => {
    const { fields, documentId } = await open()
    const { sha256 } = await send(fields, HELLO)
    await expect(send(fields, OTHER)).rejects.toMatchObject({ code: 'document.already_uploaded' })
    expect((await contentOf(documentId))?.sha256).toBe(sha256)
  })
})

describe('an upload', () => {
  test('of exactly the size of its tier is taken', async () => {
    const { fields } = await open()
    const { maxBytes } = TIERS['tier-1']
    expect(await receive(fields, flowing(zeros(maxBytes)))).toMatchObject({ size: maxBytes })
  })

  test('of the same bytes again is fine, and is told once', async () => {
    const { fields, documentId } = await open()
    const first = await send(fields, HELLO)
    expect(await send(fields, HELLO)).toEqual(first)
    const events = await platform.behind.administer(
      "select id from events where type = 'document.uploaded' and subject_id = $1",
      [documentId],
    )
    expect(events).toHaveLength(1)
  })

  test('in parallel with others leaves the bytes of one of them', async () => {
    const { fields, documentId } = await open()
    const bytes = Array.from({ length: 16 }, (_, i) => Buffer.from(`%PDF-1.7 ${i}`))
    const results = await Promise.allSettled(bytes.map((one) => send(fields, one)))
    const taken = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.sha256] : []))
    expect(taken).toEqual([(await contentOf(documentId))?.sha256])
  })

  test('under a name that is taken gets the next free one', async () => {
    const paths: (string | undefined)[] = []
    for (let i = 0; i < 3; i++) paths.push((await contentOf((await open('a.pdf')).documentId))?.path)
    const folder = `${ana.id}/${ana.onboardingId}`
    expect(paths).toEqual([`${folder}/a.pdf`, `${folder}/a-2.pdf`, `${folder}/a-3.pdf`])
  })

  test('under a name that many take at once gets one of its own', async () => {
    const many = await Promise.all(Array.from({ length: 30 }, () => open('b.pdf')))
    expect(new Set(many.map(({ fields }) => fields.get('key'))).size).toBe(30)
  })
})

describe('a link', () => {
  let path: string
  beforeEach(async () => {
    path = (await contentOf(await upload(ana, HELLO)))?.path ?? ''
  })
  const link = async () => {
    const { url } = await createDownload(ana.context, path)
    return url.slice(url.lastIndexOf('/') + 1)
  }
  const redeem = (token: string) => redeemDownload(platform, token, 'test')
  const redeemed = async (token: string): Promise<string> => {
    const { file } = await redeem(token)
    const content = await text(file.stream())
    await file.close()
    return content
  }
  const used = { code: 'document.link_used' }

  test('is not made to another person’s document, one of another company, or none', async () => {
    const eva = await logIn(company, 'anna+eva@example.com')
    const other = await openCompany(platform)
    const stranger = await logIn(other, 'anna@example.com')
    await expect(createDownload(eva.context, path)).rejects.toMatchObject({ code: 'document.not_yours' })
    for (const [member, wanted] of [
      [stranger, path],
      [stranger, 'nobody/knows/this.pdf'],
      [ana, '../../etc/passwd'],
      [ana, ''],
    ] as const)
      await expect(createDownload(member.context, wanted)).rejects.toMatchObject({
        code: 'document.not_found',
        details: {},
      })
  })

  test('is not made to a document that was not uploaded', async () => {
    const { fields } = await open('later.pdf')
    await expect(createDownload(ana.context, fields.get('key') ?? '')).rejects.toMatchObject({
      code: 'document.not_uploaded',
    })
  })

  test.each(['', 'x', 'a'.repeat(43), `'; drop table downloads`])(
    'that never was (%j) opens nothing',
    async (token) => {
      await expect(redeem(token)).rejects.toMatchObject(used)
    },
  )

  test('opens the file once', async () => {
    const token = await link()
    expect(await redeemed(token)).toBe(HELLO.toString())
    await expect(redeem(token)).rejects.toMatchObject(used)
  })

  test('opens the file once, 32 in parallel', async () => {
    const token = await link()
    const results = await Promise.allSettled(Array.from({ length: 32 }, () => redeem(token)))
    for (const result of results) {
      if (result.status === 'fulfilled') await result.value.file.close()
      else expect(result.reason).toMatchObject(used)
    }
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  test('lives five minutes, to the millisecond, and not before it was made', async () => {
    const [late, timely, early] = [await link(), await link(), await link()]
    platform.clock.move(5 * MINUTE_MS - 1)
    expect(await redeemed(timely)).toBe(HELLO.toString())
    platform.clock.move(1)
    await expect(redeem(late)).rejects.toMatchObject(used)
    platform.clock.move(-HOUR_MS)
    await expect(redeem(early)).rejects.toMatchObject(used)
    platform.clock.move(HOUR_MS)
  })

  test.each([
    ['its person is disabled', 'update people set disabled_at = now() where tenant_id = $1'],
    ['its company is suspended', 'update tenants set suspended_at = now() where tenant_id = $1'],
  ])('ends when %s', async (_, statement) => {
    const token = await link()
    await platform.behind.administer(statement, [company.tenant.id])
    await expect(redeem(token)).rejects.toMatchObject(used)
  })

  test('leaves a row in the audit when it is made and when it is used', async () => {
    await redeemed(await link())
    const rows = await platform.behind.administer<{ action: string }>(
      "select action from audit where tenant_id = $1 and action like 'document.%' order by seq desc limit 2",
      [company.tenant.id],
    )
    expect(rows.map(({ action }) => action)).toEqual(['document.downloaded', 'document.link_made'])
  })
})
