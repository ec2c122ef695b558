import { createHmac } from 'node:crypto'
import { equalBytes } from '../../std/bytes.ts'
import { fail } from '../errors.ts'
import type { TenantId } from '../tenants/tenant.ts'
import type { Vault } from '../vault.ts'

/**
 * The fields of an S3 POST policy form: signature version 4, "Authenticating Requests in Browser-Based Uploads Using
 * POST". The form is the same whether the files lie on a disk or in a bucket.
 */
export type UploadFields = {
  readonly key: string
  readonly 'x-amz-algorithm': 'AWS4-HMAC-SHA256'
  readonly 'x-amz-credential': string
  readonly 'x-amz-date': string
  readonly policy: string
  readonly 'x-amz-signature': string
}

const ALGORITHM = 'AWS4-HMAC-SHA256'
const BUCKET = 'chancery'
const REGION = 'us-east-1'
/** Before the tenant's id in the credential: names whose form it is, as an access key would. */
const KEY_PREFIX = 'AK'

/** Makes the form for one key. The policy binds key, size and end; the signature binds the policy. */
export function makeUploadForm(
  vault: Vault,
  tenantId: TenantId,
  upload: { readonly key: string; readonly maxBytes: number; readonly now: Date; readonly expiresAt: Date },
): UploadFields {
  const date = upload.now.toISOString().replace(/[-:]|\.\d+/g, '')
  const credential = `${KEY_PREFIX}${tenantId}/${date.slice(0, 8)}/${REGION}/s3/aws4_request`
  const policy = Buffer.from(
    JSON.stringify({
      expiration: upload.expiresAt.toISOString(),
      conditions: [
        { bucket: BUCKET },
        { key: upload.key },
        ['content-length-range', 1, upload.maxBytes],
        { 'x-amz-algorithm': ALGORITHM },
        { 'x-amz-credential': credential },
        { 'x-amz-date': date },
      ],
    }),
  ).toString('base64')
  return {
    key: upload.key,
    'x-amz-algorithm': ALGORITHM,
    'x-amz-credential': credential,
    'x-amz-date': date,
    policy,
    'x-amz-signature': signatureOf(vault, tenantId, date, policy).toString('hex'),
  }
}

/** What a form that was sent back entitles to. */
export type UploadGrant = { readonly tenantId: TenantId; readonly key: string; readonly maxBytes: number }

/** Fields that a client may add without asking; everything else has to be in the policy. */
const FREE_FIELDS = new Set(['policy', 'x-amz-signature', 'success_action_status', 'content-type'])

/**
 * Checks a form that came back: signature first, then end and every field against the policy. Says no more than
 * "denied", as S3 does not either.
 *
 * @throws DomainError document.upload_denied
 */
export function readUploadForm(vault: Vault, fields: ReadonlyMap<string, string>, now: Date): UploadGrant {
  const tenantId = tenantOfCredential(fields.get('x-amz-credential'))
  const policyText = fields.get('policy') ?? ''
  const expected = signatureOf(vault, tenantId, fields.get('x-amz-date') ?? '', policyText).toString('hex')
  // Compared as text: decoding would drop what follows the last hexadecimal digit.
  if (!equalBytes(Buffer.from(expected), Buffer.from(fields.get('x-amz-signature') ?? '')))
    fail('document.upload_denied')
  // Signed by us, so its shape is ours.
  const policy = JSON.parse(Buffer.from(policyText, 'base64').toString('utf8')) as Policy
  if (new Date(policy.expiration) <= now) fail('document.upload_denied')
  const bound = new Map(policy.conditions.flatMap((one) => (Array.isArray(one) ? [] : Object.entries(one))))
  // The bucket stands in the address of a request; every other condition is a field that has to come.
  const names = [...bound.keys()].filter((name) => name !== 'bucket')
  for (const name of new Set([...fields.keys(), ...names])) {
    if (!FREE_FIELDS.has(name) && bound.get(name) !== fields.get(name)) fail('document.upload_denied')
  }
  const range = policy.conditions.find((one) => Array.isArray(one))
  const key = fields.get('key')
  if (!Array.isArray(range) || key === undefined) fail('document.upload_denied')
  return { tenantId, key, maxBytes: range[2] }
}

type Policy = {
  readonly expiration: string
  readonly conditions: readonly (Readonly<Record<string, string>> | readonly [name: string, min: number, max: number])[]
}

function tenantOfCredential(credential: string | undefined): TenantId {
  const match = /^AK([0-9A-Z]{26})\/\d{8}\/us-east-1\/s3\/aws4_request$/.exec(credential ?? '')
  if (!match?.[1]) fail('document.upload_denied')
  return match[1] as TenantId
}

/** The chain of keys of signature version 4, begun from a secret of this tenant. */
function signatureOf(vault: Vault, tenantId: TenantId, date: string, policy: string): Buffer {
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  const secret = vault.mac('upload-form', tenantId).toString('hex')
  const day = hmac(Buffer.from(`AWS4${secret}`), date.slice(0, 8))
  return hmac(hmac(hmac(hmac(day, REGION), 's3'), 'aws4_request'), policy)
}
