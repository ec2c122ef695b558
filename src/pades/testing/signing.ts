import { sign as cryptoSign } from 'node:crypto'
import { bytesSource, openPdf, RevisionWriter } from '../../pdf/index.ts'
import { type Holder, NOW, newAuthority, signerOf } from '../../pki/testing/authority.ts'
import type { Bytes } from '../../std/bytes.ts'
import {
  finish,
  type PrepareRequest,
  prepare,
  type Report,
  type SignatureReport,
  type Signer,
  sign,
  validate,
} from '../index.ts'

export const authority = newAuthority()
export const ana = authority.person('Ana Ruiz')
const juan = authority.person('Juan José Pérez López', 'RSA-2048')
export const signers = {
  ana: signerOf(ana, authority),
  juan: signerOf(juan, authority),
  eva: signerOf(authority.person('Eva Soto', 'P-384'), authority),
  leo: signerOf(authority.person('Leo Paz', 'P-521'), authority),
} satisfies Record<string, Signer>

/** Signs through all stages; the document with its new revision. */
export async function signed(pdf: Bytes, signer: Signer, request: Partial<PrepareRequest> = {}): Promise<Buffer> {
  const prepared = await prepare(bytesSource(pdf), { signer: signer.identity, signedAt: NOW, ...request })
  return Buffer.concat([pdf, finish(await sign(prepared, signer))])
}

export const trust = { trustAnchors: [authority.root.certificate], time: NOW, revocation: 'none' } as const

export function report(pdf: Bytes): Promise<Report> {
  return validate(bytesSource(pdf), trust)
}

/** The report over the first signature. */
export async function firstOf(pdf: Bytes): Promise<SignatureReport> {
  const [first] = (await report(pdf)).signatures
  if (!first) throw new Error('there is no signature')
  return first
}

/** Appends a revision that puts these objects, as an attacker would. */
export function appended(pdf: Bytes, objects: Readonly<Record<number, string>>): Buffer {
  const writer = new RevisionWriter(openPdf(bytesSource(pdf)))
  for (const [number, value] of Object.entries(objects)) writer.put({ number: Number(number), generation: 0 }, value)
  return Buffer.concat([pdf, writer.finish(Buffer.from('attack')).tail])
}

/** Changes the text of a file without changing its length. */
export function overwritten(pdf: Bytes, from: string, to: string): Buffer {
  const out = Buffer.from(pdf)
  const at = out.lastIndexOf(from, undefined, 'latin1')
  if (at < 0 || from.length !== to.length)
    throw new Error('the text to be overwritten is not there, or of another length')
  out.write(to, at, 'latin1')
  return out
}

/**
 * Signs a document with a container of the caller's making: it gets the document's digest and a function that signs
 * bytes with the key of `holder`.
 */
export async function signedWith(
  pdf: Bytes,
  holder: Holder,
  container: (digest: Bytes, signBytes: (data: Bytes) => Bytes) => Bytes,
  request: Partial<PrepareRequest> = {},
): Promise<Buffer> {
  const { identity } = signerOf(holder, authority)
  const roomy = { ...identity, containerLength: 2 * identity.containerLength }
  const prepared = await prepare(bytesSource(pdf), { signer: roomy, signedAt: NOW, ...request })
  const made = container(prepared.digest, (data) => cryptoSign('sha256', data, holder.key))
  const tail = Buffer.from(prepared.tail)
  if (made.length > prepared.hole.bytes) throw new Error('the container of the test is too large')
  tail.write(Buffer.from(made).toString('hex'), prepared.hole.start, 'latin1')
  return Buffer.concat([pdf, tail])
}
