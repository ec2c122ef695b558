import { createPrivateKey } from 'node:crypto'
import { keySigner, type Signer, signDocument } from '../../src/pades/index.ts'
import { appendInPlace, fileSource } from '../../src/pdf/index.ts'
import { prepareCmsSigner } from '../../src/pki/index.ts'

/** Certificates are DER, the key is PEM; `chain` goes from the issuer up to the root. Made once, used for any number. */
export function signerFrom(certificate: Uint8Array, chain: Uint8Array[], key: string): Signer {
  const identity = prepareCmsSigner({ certificate, chain, algorithm: 'ecdsa-sha256' })
  return keySigner(identity, createPrivateKey(key))
}

/** Appends a B-B signature to a file. What is there stays as it is; a file of 1 GB is never held in memory. */
export async function signFile(path: string, signer: Signer): Promise<void> {
  const source = fileSource(path)
  try {
    const tail = await signDocument(source, { signer, signedAt: new Date(), reason: 'I agree' })
    await appendInPlace(path, tail, { expectedSize: source.size })
  } finally {
    source.close()
  }
}
