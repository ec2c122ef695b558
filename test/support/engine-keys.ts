import type { IssueInput, KeyKind } from '../../src/pki/testing/authority.ts'
import type { Objection } from './engine-openssl.ts'

type SampleKey = {
  readonly kind: KeyKind
  readonly more?: Partial<IssueInput>
  /** What judges have against its signatures although they are right, and why. Other versions of them may not. */
  readonly explained?: readonly (Objection & { readonly because: string })[]
}

/** All kinds of key of the matrix, by their names. `RSA-PSS` is the scheme with a key that anything may be done with. */
const keys = {
  'P-256': { kind: 'P-256' },
  'P-384': { kind: 'P-384' },
  'P-521': { kind: 'P-521' },
  'RSA-2048': { kind: 'RSA-2048' },
  'RSA-3072': { kind: 'RSA-3072' },
  'RSA-PSS': { kind: 'RSA-2048', more: { algorithm: 'rsa-pss-sha256' } },
  'RSA-PSS key': {
    kind: 'RSA-PSS',
    explained: [
      {
        judge: 'pdfsig',
        says: 'Signature is Invalid.',
        because:
          'NSS accepts the scheme by ordinary RSA keys, and not by one that is for it alone; OpenSSL accepts both',
      },
    ],
  },
  Ed25519: {
    kind: 'Ed25519',
    explained: [
      {
        judge: 'pdfsig',
        says: "Document isn't signed or corrupted data.",
        because: 'NSS does not know Ed25519 in CMS (RFC 8419)',
      },
      {
        judge: 'openssl cms',
        says: 'invalid digest',
        because: 'OpenSSL 3.0 hands the digest of CMS on to Ed25519, which takes none',
      },
    ],
  },
} as const satisfies Record<string, SampleKey>

export type KeyName = keyof typeof keys
export const keyNames = Object.keys(keys) as readonly KeyName[]

export function sampleKey(name: KeyName): SampleKey {
  return keys[name]
}
