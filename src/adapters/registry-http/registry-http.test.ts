import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type Answer, startJsonServer } from '../../../test/support/json-server.ts'
import { startRegistryServer } from '../../../test/support/registry-server.ts'
import { DomainError } from '../../core/index.ts'
import { httpRegistry } from './index.ts'

const token = 'registry-token'
const query = { country: 'GT', nationalId: '2532564960101' }
const entry = { givenName: 'Carlos', surname: 'Quetzal Xol', dateOfBirth: '1988-11-02', taxId: '576937-K' }

/** Asks a registry that gives one answer, and hands back what `lookUp` threw. */
const refusalOf = async (answer: Answer | undefined) => {
  await using server = await startJsonServer(() => answer)
  return await httpRegistry({ url: server.url, token, limitMs: 500 })
    .lookUp(query)
    .then(
      (found) => expect.fail(`answered ${JSON.stringify(found)}`),
      (reason: unknown) => reason as DomainError,
    )
}

const ok = (value: unknown): Answer => ({ status: 200, body: JSON.stringify(value) })

describe('a registry that gives no usable answer is unavailable', () => {
  test.each<[string, Answer | undefined]>([
    ['an error', { status: 500 }],
    ['a refused token', { status: 401 }],
    ['another success than 200', { status: 204 }],
    ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }],
    ['nothing within the limit', undefined],
    ['no body', { status: 200 }],
    ['half a JSON', { status: 200, body: '{"givenName":"Carl' }],
    ['broken UTF-8', { status: 200, body: Buffer.from(JSON.stringify(entry).replace('Xol', 'X\xf3l'), 'latin1') }],
    ['a list', ok([entry])],
    ['a field too few', ok({ ...entry, taxId: undefined })],
    ['an empty name', ok({ ...entry, givenName: '  ' })],
    ['a name of a kilobyte', ok({ ...entry, surname: 'X'.repeat(1024) })],
    ['a name with a line break', ok({ ...entry, surname: 'Xol\nCN=Admin' })],
    ['a name that turns the writing around', ok({ ...entry, surname: 'Xol\u202E' })],
    ['a date that does not exist', ok({ ...entry, dateOfBirth: '1990-02-30' })],
    ['a date in another form', ok({ ...entry, dateOfBirth: '15/05/1990' })],
    ['a number for the tax id', ok({ ...entry, taxId: 12345678 })],
    ['too long an answer', ok({ ...entry, more: 'x'.repeat(64 * 1024) })],
    [
      'an answer that swells when unpacked',
      {
        status: 200,
        headers: { 'content-encoding': 'gzip' },
        body: gzipSync(JSON.stringify({ ...entry, more: 'x'.repeat(32 * 1024 * 1024) })),
      },
    ],
  ])('%s', async (_, answer) => {
    const refusal = await refusalOf(answer)
    expect(refusal).toBeInstanceOf(DomainError)
    expect(refusal).toMatchObject({ code: 'platform.unavailable', details: {} })
  })

  test('one that is not there', async () => {
    const server = await startRegistryServer({})
    await server[Symbol.asyncDispose]()
    await expect(httpRegistry({ url: server.url, token }).lookUp(query)).rejects.toMatchObject({ kind: 'unavailable' })
  })

  test.each<[string, Answer, string]>([
    ['values out of place', ok({ ...entry, dateOfBirth: 'Quetzal', taxId: 7 }), 'malformed: dateOfBirth, taxId'],
    ['text that is no JSON', { status: 200, body: 'Carlos Quetzal' }, 'not JSON'],
  ])('the cause names the fault and none of the %s', async (_, answer, fault) => {
    const { cause } = await refusalOf(answer)
    expect((cause as Error).message).toContain(fault)
    expect((cause as Error).stack).not.toContain('Quetzal')
  })
})

describe('a registry that answers', () => {
  test('is asked as the contract says', async () => {
    await using server = await startRegistryServer({ [query.nationalId]: entry })
    await httpRegistry({ url: `${server.url}/people`, token }).lookUp(query)
    expect(server.calls).toMatchObject([{ method: 'POST', path: '/people', body: query }])
    expect(server.calls[0]?.headers).toMatchObject({ authorization: `Bearer ${token}` })
  })

  test('does not know an identifier', async () => {
    await using server = await startRegistryServer({})
    expect(await httpRegistry({ url: server.url, token }).lookUp(query)).toBeUndefined()
  })

  test('knows one, with or without a tax id', async () => {
    await using server = await startRegistryServer({ [query.nationalId]: entry, '2': { ...entry, taxId: null } })
    const registry = httpRegistry({ url: server.url, token })
    expect(await registry.lookUp(query)).toEqual(entry)
    expect(await registry.lookUp({ ...query, nationalId: '2' })).toEqual({ ...entry, taxId: null })
  })

  test('may say more than the contract; names are taken in one form of Unicode', async () => {
    const spelt = { ...entry, givenName: ' Jose\u0301 ', more: { likes: 'tea' } }
    await using server = await startRegistryServer({ [query.nationalId]: spelt })
    expect(await httpRegistry({ url: server.url, token }).lookUp(query)).toEqual({ ...entry, givenName: 'José' })
  })
})
