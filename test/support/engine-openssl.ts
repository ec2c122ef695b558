import { X509Certificate } from 'node:crypto'
import type { Certificate } from '../../src/pki/index.ts'
import { asBuffer, type Bytes } from '../../src/std/bytes.ts'
import type { FoundContainer } from './engine-containers.ts'
import { type Desk, run } from './engine-tools.ts'

/** What a judge has against a file: who, and what it says. */
export type Objection = { readonly judge: string; readonly says: string }

/** What openssl is told whenever it is asked. */
export type OpensslBench = {
  readonly desk: Desk
  /** Paths of certificates: the trust anchor, the authority below it, and both in one file. */
  readonly root: string
  readonly issuing: string
  readonly both: string
  /** The moment at which certificates must be valid. */
  readonly at: readonly string[]
}

/** `chain`: the issuing authority and the trust anchor, encoded. */
export async function openBench(desk: Desk, chain: readonly Bytes[], time: Date): Promise<OpensslBench> {
  const [issuing = '', root = ''] = chain.map(pem)
  return {
    desk,
    root: await desk.put(root, 'pem'),
    issuing: await desk.put(issuing, 'pem'),
    both: await desk.put(root + issuing, 'pem'),
    at: ['-attime', String(Math.floor(time.getTime() / 1000))],
  }
}

/** A signature as CAdES (RFC 5652, RFC 5126), with its chain. */
export async function verifyCms(bench: OpensslBench, { container, content }: FoundContainer): Promise<Objection[]> {
  const { desk, root, issuing, at } = bench
  return await verdict('cms', /CAdES Verification successful/, [
    ...['-verify', '-cades', '-binary', '-inform', 'DER', '-in', await desk.put(container, 'p7s')],
    ...['-content', await desk.put(content, 'bin'), '-CAfile', root, '-certfile', issuing],
    ...['-purpose', 'any', '-out', '/dev/null', ...at],
  ])
}

/** A time-stamp over these bytes (RFC 3161), with its chain. */
export async function verifyToken(bench: OpensslBench, token: Bytes, over: Bytes): Promise<Objection[]> {
  const { desk, root, issuing, at } = bench
  return await verdict('ts', /Verification: OK/, [
    ...['-verify', '-token_in', '-in', await desk.put(token, 'tst'), '-data', await desk.put(over, 'bin')],
    ...['-CAfile', root, '-untrusted', issuing, ...at],
  ])
}

/** An answer that says good of this certificate (RFC 6960), with the chain of its responder. */
export async function verifyAnswer(
  bench: OpensslBench,
  answer: Bytes,
  { certificate, issuer }: { readonly certificate: Certificate; readonly issuer: Certificate },
): Promise<Objection[]> {
  const { desk, both, at } = bench
  return await verdict('ocsp', /^(?=.*Response verify OK).*: good/s, [
    ...['-respin', await desk.put(answer, 'ors'), '-no_nonce', '-CAfile', both, ...at],
    // It would compare the answer's times with its own clock.
    ...['-validity_period', '1000000000'],
    ...['-issuer', await desk.put(pem(issuer.der), 'pem'), '-cert', await desk.put(pem(certificate.der), 'pem')],
  ])
}

/** A revocation list (RFC 5280 5). */
export async function verifyList({ desk, both }: OpensslBench, list: Bytes): Promise<Objection[]> {
  const args = ['-inform', 'DER', '-in', await desk.put(list, 'crl'), '-CAfile', both, '-noout']
  return await verdict('crl', /verify OK/, args)
}

async function verdict(command: string, wanted: RegExp, args: readonly string[]): Promise<Objection[]> {
  const { code, text } = await run('openssl', [command, ...args])
  return code === 0 && wanted.test(text) ? [] : [{ judge: `openssl ${command}`, says: text.trim() }]
}

function pem(der: Bytes): string {
  return new X509Certificate(asBuffer(der)).toString()
}
