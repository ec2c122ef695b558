import { describe, expect, test } from 'vitest'
import { later, MINUTE_MS } from '../../std/time.ts'
import type { TenantId } from '../tenants/tenant.ts'
import { openVault } from '../vault.ts'
import { TIERS } from './tier.ts'
import { makeUploadForm, readUploadForm } from './upload-form.ts'

const NOW = new Date('2030-01-01T00:00:00Z')
const END = later(NOW, 7 * MINUTE_MS)
const vault = openVault(Buffer.alloc(32, 1))
const ours = '01ARZ3NDEKTSV4RRFFQ69G5FAA' as TenantId
const theirs = '01ARZ3NDEKTSV4RRFFQ69G5FBB' as TenantId

const formOf = (tenantId: TenantId, key = 'ana/x/contract.pdf', maxBytes = 1000) =>
  makeUploadForm(vault, tenantId, { key, maxBytes, now: NOW, expiresAt: END })
const form = formOf(ours)
const read = (fields: Readonly<Record<string, string>>, at = NOW, by = vault) =>
  readUploadForm(by, new Map(Object.entries(fields)), at)
const denied = expect.objectContaining({ code: 'document.upload_denied' })

/** Another policy under the signature of ours. */
const policyWith = (change: (text: string) => string) => {
  const text = Buffer.from(form.policy, 'base64').toString('utf8')
  return { ...form, policy: Buffer.from(change(text)).toString('base64') }
}

describe('a form is denied', () => {
  test.each(Object.keys(form))('without %s', (name) => {
    const rest = Object.entries(form).filter(([key]) => key !== name)
    expect(() => read(Object.fromEntries(rest))).toThrow(denied)
  })

  test.each(Object.entries(form))('with another %s', (name, value) => {
    for (const other of ['', `${value}0`, `${value}zz`, `0${value}`, value.slice(0, -1), value.toUpperCase()]) {
      if (other !== value) expect(() => read({ ...form, [name]: other }), other).toThrow(denied)
    }
  })

  test.each(['acl', 'Key', 'x-amz-meta-a', 'bucket', 'success_action_redirect', '__proto__', 'constructor'])(
    'with a field %s that the policy does not name',
    (name) => {
      expect(() => readUploadForm(vault, new Map([...Object.entries(form), [name, 'x']]), NOW)).toThrow(denied)
    },
  )

  test.each([
    ['a larger file', (text: string) => text.replace('1000', '9999')],
    ['a later end', (text: string) => text.replace('2030', '2031')],
    ['another key', (text: string) => text.replace('contract', 'testament')],
    ['a doubled key', (text: string) => text.replace('{"key"', '{"key":"x"},{"key"')],
    ['a blank more', (text: string) => `${text} `],
  ])('whose policy was changed: %s', (_, change) => {
    expect(() => read(policyWith(change))).toThrow(denied)
  })

  test('with the credential of another company', () => {
    const other = formOf(theirs)
    expect(() => read({ ...form, 'x-amz-credential': other['x-amz-credential'] })).toThrow(denied)
    expect(() => read({ ...other, key: form.key, 'x-amz-signature': form['x-amz-signature'] })).toThrow(denied)
  })

  test('with the policy of another document', () => {
    expect(() => read({ ...formOf(ours, 'ana/x/other.pdf'), key: form.key })).toThrow(denied)
  })

  test('that was signed under another master key', () => {
    expect(() => read(form, NOW, openVault(Buffer.alloc(32, 2)))).toThrow(denied)
  })

  test.each([0, 1, MINUTE_MS])('%i ms after its end', (ms) => {
    expect(() => read(form, later(END, ms))).toThrow(denied)
  })

  test('that is empty', () => {
    expect(() => read({})).toThrow(denied)
  })
})

test('a form gives back what it was made for, until a millisecond before its end', () => {
  const grant = { tenantId: ours, key: 'ana/x/contract.pdf', maxBytes: 1000 }
  expect(read(form)).toEqual(grant)
  expect(read(form, later(END, -1))).toEqual(grant)
  expect(read({ ...form, 'content-type': 'application/pdf', success_action_status: '201' })).toEqual(grant)
})

test('a key keeps its letters beyond ASCII', () => {
  expect(read(formOf(ours, 'ana/x/Señal "ñ" 文.pdf')).key).toBe('ana/x/Señal "ñ" 文.pdf')
})

test('larger tiers take more and live longer', () => {
  const tiers = Object.values(TIERS)
  expect(tiers.map(({ maxBytes }) => maxBytes / 1024 / 1024)).toEqual([20, 40, 80, 100, 120])
  expect(tiers.map(({ lifetimeMs }) => lifetimeMs / MINUTE_MS)).toEqual([7, 14, 28, 35, 42])
})
