import type { Branded } from '../../std/ids.ts'

export type KeyId = Branded<string, 'KeyId'>

/** What a key is for. A key has one purpose for ever; a certificate's or token's key is used for nothing else. */
export type KeyPurpose = 'root' | 'issuing' | 'person' | TokenPurpose

/** The three kinds of token that the platform signs, each with a key of its own. */
export type TokenPurpose = 'company_token' | 'access_token' | 'id_token'

/** JOSE's name of the signature algorithm, which names the kind of key as well. */
export type KeyAlgorithm = 'ES256' | 'ES384' | 'RS256'

export type PublicKey = {
  readonly id: KeyId
  readonly purpose: KeyPurpose
  readonly algorithm: KeyAlgorithm
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Buffer
}
