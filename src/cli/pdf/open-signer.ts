import { createPrivateKey, type KeyObject } from 'node:crypto'
import { keySigner, type Signer } from '../../pades/index.ts'
import { prepareCmsSigner, type SignatureAlgorithm, signatureAlgorithms } from '../../pki/index.ts'
import { asBuffer, type Bytes } from '../../std/bytes.ts'
import type { Option } from '../command.ts'
import { Refused, refuseUsage, UsageError } from '../errors.ts'
import { oneOf } from '../read-arguments.ts'
import { readCertificates, readGiven, readSecret } from './read-given.ts'

/** Whose signature it is. */
export const signerOptions = {
  key: { type: 'string', value: 'KEY', about: 'The private key, PEM; without it a demo signer signs.' },
  cert: { type: 'string', value: 'CERT', about: 'Its certificate, PEM or DER; more may follow in the file.' },
  chain: {
    type: 'string',
    value: 'CERT',
    multiple: true,
    about: 'Certificates between that one and the root.',
  },
  'passphrase-file': { type: 'string', value: 'FILE', about: 'Holds the passphrase of the key.' },
  algorithm: {
    type: 'string',
    value: 'NAME',
    about: 'For example rsa-pss-sha256; what is usual for the key if not given.',
  },
} as const satisfies Record<string, Option>

export type SignerChoice = {
  readonly key: string | undefined
  readonly cert: string | undefined
  readonly chain: readonly string[]
  readonly 'passphrase-file': string | undefined
}

/** The algorithm that was asked for. @throws UsageError */
export function algorithmNamed(text: string | undefined): SignatureAlgorithm | undefined {
  if (text === undefined) return undefined
  return oneOf('algorithm', text, Object.keys(signatureAlgorithms) as SignatureAlgorithm[])
}

/**
 * The signer whose key and certificate are in files; undefined when none were named.
 *
 * @throws UsageError for files that cannot be read, Refused for a certificate that is not valid now, `PadesError` when
 * the key is not the certificate's
 */
export async function openKeySigner(
  { key: keyPath, cert, chain, 'passphrase-file': passphraseFile }: SignerChoice,
  wanted: SignatureAlgorithm | undefined,
  now: Date,
): Promise<Signer | undefined> {
  if (keyPath === undefined && cert === undefined) {
    if (chain.length > 0 || passphraseFile !== undefined)
      refuseUsage('--chain and --passphrase-file belong to a --key with its --cert.')
    return undefined
  }
  if (keyPath === undefined || cert === undefined) return refuseUsage('--key and --cert belong together.')
  const [certificate = new Uint8Array(), ...others] = await readCertificates([cert, ...chain])
  const key = await readKey(keyPath, passphraseFile)
  return signerOf(key, certificate, others, wanted, now)
}

/** A signer with a key of this process. @throws like {@link openKeySigner} */
export function signerOf(
  key: KeyObject,
  certificate: Bytes,
  chain: readonly Bytes[],
  wanted: SignatureAlgorithm | undefined,
  now: Date,
): Signer {
  const identity = prepareCmsSigner({ certificate, chain, algorithm: wanted ?? usualAlgorithm(key) })
  const { notBefore, notAfter } = identity.certificate
  if (now < notBefore || now > notAfter)
    throw new Refused('sign.certificate_not_valid', 'The certificate is not valid now.', {
      notBefore: notBefore.toISOString(),
      notAfter: notAfter.toISOString(),
    })
  return keySigner(identity, key)
}

async function readKey(path: string, passphraseFile: string | undefined): Promise<KeyObject> {
  const content = await readGiven(path)
  const passphrase = passphraseFile === undefined ? undefined : await readSecret(passphraseFile)
  try {
    return createPrivateKey({ key: asBuffer(content), ...(passphrase === undefined ? {} : { passphrase }) })
  } catch (cause) {
    const isLocked = /ENCRYPTED/.test(content.toString('latin1'))
    const problem = isLocked
      ? passphrase === undefined
        ? 'is locked: name its passphrase with --passphrase-file.'
        : 'does not open with this passphrase.'
      : 'holds no private key in PEM.'
    throw new UsageError('usage.unreadable_file', `${path} ${problem}`, {}, { cause })
  }
}

const DIGEST_OF_CURVE: Readonly<Record<string, 'sha256' | 'sha384' | 'sha512'>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
}

/** What is usual for a key: the digest of its size. Whether the key may be used at all is for the engine to say. */
function usualAlgorithm({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): SignatureAlgorithm {
  const { namedCurve = '', hashAlgorithm } = asymmetricKeyDetails ?? {}
  switch (asymmetricKeyType) {
    case 'ed25519':
      return 'ed25519'
    case 'ec':
      return `ecdsa-${DIGEST_OF_CURVE[namedCurve] ?? 'sha256'}`
    case 'rsa-pss':
      return hashAlgorithm === 'sha384' || hashAlgorithm === 'sha512' ? `rsa-pss-${hashAlgorithm}` : 'rsa-pss-sha256'
    default:
      return 'rsa-sha256'
  }
}
