import { NULL, oid, sequence, utf8String } from '../../der-writer.ts'
import { OID, signatureAlgorithms } from '../../index.ts'
import { authority, type Chain, person } from '../chain-builder.ts'
import { type PathVector, plain } from './path-vector.ts'

const CLAUSE = 'RFC 5280 6.1.3 (a)(1)'

const below = (key: string): Chain => ({ root: authority({ key }), ca: authority(), person: person() })

/** Turns one bit, `fromEnd` bytes before the end. */
const flip = (fromEnd: number) => (bytes: Buffer) => {
  const out = Buffer.from(bytes)
  out[out.length - fromEnd] = (out.at(-fromEnd) ?? 0) ^ 1
  return out
}

const ECDSA_NULL = sequence(oid(OID.ecdsaWithSha256), NULL)
const SHA1_RSA = sequence(oid('1.2.840.113549.1.1.5'), NULL)
const SHA1_ECDSA = sequence(oid('1.2.840.10045.4.1'))

/** The signatures of the path: bad, by another key, under other parameters, too weak. */
export const signatureVectors: readonly PathVector[] = [
  { name: 'a root, an authority and a person', clause: CLAUSE, chain: plain, path: ['person', 'ca', 'root'] },
  { name: 'a person directly below the root', clause: CLAUSE, chain: { root: authority(), person: person() } },
  { name: 'ECDSA over P-384', clause: CLAUSE, chain: below('P-384:root') },
  { name: 'ECDSA over P-521', clause: CLAUSE, chain: below('P-521:root') },
  { name: 'RSA', clause: CLAUSE, chain: below('RSA-2048:root') },
  {
    name: 'RSA-PSS',
    clause: CLAUSE,
    chain: below('RSA-2048:root'),
    defect: { ca: { algorithm: 'rsa-pss-sha256' }, root: { algorithm: 'rsa-pss-sha384' } },
  },
  { name: 'Ed25519', clause: CLAUSE, chain: below('ed25519:root') },
  {
    name: 'SHA-512 with P-256',
    clause: CLAUSE,
    chain: plain,
    defect: { person: { algorithm: 'ecdsa-sha512' } },
  },
  {
    name: "an anchor whose own signature is another's",
    clause: 'RFC 5280 6.1.1 (d)',
    chain: plain,
    defect: { root: { signer: 'stranger' } },
  },
  {
    name: 'a bit turned in the signature of the person',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { person: { spoilSignature: flip(1) } },
  },
  {
    name: 'a bit turned in the signature of the authority',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { ca: { spoilSignature: flip(1) } },
  },
  {
    name: 'a bit turned in what the authority signed',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { person: { spoilSigned: flip(1) } },
  },
  {
    name: 'a signature by a key of nobody in the chain',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { person: { signer: 'stranger' } },
  },
  {
    name: "a signature by the person's own key under the name of the authority",
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { person: { signer: 'person' } },
  },
  {
    name: 'a signature by the root where the authority is named',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { person: { signer: 'root' } },
  },
  {
    name: 'an empty signature',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { person: { spoilSignature: () => Buffer.alloc(0) } },
  },
  {
    name: 'an ECDSA signature with a byte after it',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { person: { spoilSignature: (signature) => Buffer.concat([signature, Buffer.of(0)]) } },
  },
  {
    name: 'an ECDSA signature of two zeros',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { person: { spoilSignature: () => Buffer.from('3006020100020100', 'hex') } },
  },
  {
    name: 'an RSA signature made with another digest than the one that is named',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: below('RSA-2048:root'),
    defect: { ca: { digest: 'sha512' } },
  },
  {
    name: 'RSA-PSS in the place of RSA with the old padding',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: below('RSA-2048:root'),
    defect: { ca: { algorithm: 'rsa-pss-sha256', identifier: signatureAlgorithms['rsa-sha256'].encoded } },
  },
  {
    name: 'an algorithm for RSA where the key is an EC key',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { person: { identifier: signatureAlgorithms['rsa-sha256'].encoded } },
  },
  {
    name: 'an algorithm for Ed25519 where the key is an EC key',
    clause: CLAUSE,
    reason: 'bad_signature',
    chain: plain,
    defect: { person: { identifier: signatureAlgorithms.ed25519.encoded } },
  },
  {
    name: 'ECDSA with NULL as its parameters',
    clause: 'RFC 5758 3.2',
    reason: 'weak_algorithm',
    chain: plain,
    defect: { person: { identifier: ECDSA_NULL } },
    opensslDiffers: 'it reads over the parameters of ECDSA',
  },
  {
    name: 'RSA with SHA-1',
    clause: CLAUSE,
    reason: 'weak_algorithm',
    chain: below('RSA-2048:root'),
    defect: { ca: { identifier: SHA1_RSA, digest: 'sha1' } },
    opensslDiffers: 'it takes SHA-1 at its usual level',
  },
  {
    name: 'ECDSA with SHA-1',
    clause: CLAUSE,
    reason: 'weak_algorithm',
    chain: plain,
    defect: { person: { identifier: SHA1_ECDSA, digest: 'sha1' } },
    opensslDiffers: 'it takes SHA-1 at its usual level',
  },
  {
    name: 'a signature algorithm that nobody knows',
    clause: CLAUSE,
    reason: 'weak_algorithm',
    chain: plain,
    defect: { person: { identifier: sequence(oid('1.3.6.1.4.1.99999.9')) } },
  },
  {
    name: 'RSA-PSS without parameters, which would mean SHA-1',
    clause: 'RFC 4055 3.1',
    reason: 'weak_algorithm',
    chain: below('RSA-2048:root'),
    defect: { ca: { algorithm: 'rsa-pss-sha256', identifier: sequence(oid(OID.rsassaPss)) } },
  },
  {
    name: 'parameters that are not what they should be',
    clause: CLAUSE,
    reason: 'malformed',
    chain: below('RSA-2048:root'),
    defect: { ca: { identifier: sequence(oid(OID.rsassaPss), utf8String('sha256')) } },
  },
  {
    name: 'one algorithm inside the signed part and another outside',
    clause: 'RFC 5280 4.1.1.2',
    reason: 'unreadable',
    chain: plain,
    defect: { person: { outerIdentifier: signatureAlgorithms['ecdsa-sha384'].encoded } },
  },
  {
    name: 'the same algorithm outside with parameters',
    clause: 'RFC 5280 4.1.1.2',
    reason: 'unreadable',
    chain: plain,
    defect: { person: { outerIdentifier: ECDSA_NULL } },
  },
]
