import { spawn } from 'node:child_process'
import { createPrivateKey, createPublicKey } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { readCertificate, type SignatureAlgorithm } from '../../src/pki/index.ts'
import type { Holder, KeyKind } from '../../src/pki/testing/authority.ts'
import type { Bytes } from '../../src/std/bytes.ts'

const PROGRAM = fileURLToPath(new URL('./trust-services-main.ts', import.meta.url))

/** The trust services in a process of their own, so that a measurement does not pay for them. */
export type TrustServicesProcess = AsyncDisposable & {
  readonly url: string
  readonly tsa: { readonly url: string }
  readonly tsa2: { readonly url: string }
  /** Issuing authority and root, encoded. */
  readonly chain: readonly Bytes[]
  /** In the order in which they were asked for. */
  readonly people: readonly Holder[]
  stop(): Promise<void>
}

export type PersonWanted = { readonly name: string; readonly kind?: KeyKind }

type Printed = {
  readonly url: string
  readonly tsa: string
  readonly tsa2: string
  readonly chain: readonly string[]
  readonly people: readonly { certificate: string; key: string; algorithm: SignatureAlgorithm }[]
}

/** Starts the process and waits until it listens. @throws when it ends instead */
export async function spawnTrustServices(people: readonly PersonWanted[]): Promise<TrustServicesProcess> {
  const wanted = people.map(({ name, kind = 'P-256' }) => `${name}=${kind}`)
  const child = spawn(process.execPath, [PROGRAM, ...wanted], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  const line = once(createInterface(child.stdout), 'line')
  const [first] = (await Promise.race([line, ended])) as [string | number | null]
  if (typeof first !== 'string') throw new Error('the trust services did not start')
  const printed = JSON.parse(first) as Printed
  const stop = async () => {
    child.stdin.end()
    await ended
  }
  return {
    url: printed.url,
    tsa: { url: printed.tsa },
    tsa2: { url: printed.tsa2 },
    chain: printed.chain.map(bytesOf),
    people: printed.people.map(holderOf),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function bytesOf(base64: string): Bytes {
  return Buffer.from(base64, 'base64')
}

function holderOf({ certificate: encoded, key: pkcs8, algorithm }: Printed['people'][number]): Holder {
  const certificate = bytesOf(encoded)
  const key = createPrivateKey({ key: Buffer.from(pkcs8, 'base64'), type: 'pkcs8', format: 'der' })
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' })
  return { certificate, key, spki, subject: readCertificate(certificate).subject.raw, algorithm }
}
