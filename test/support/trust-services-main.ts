import type { Holder, KeyKind } from '../../src/pki/testing/authority.ts'
import type { Bytes } from '../../src/std/bytes.ts'
import { startTrustServices } from './trust-services.ts'

/**
 * All trust services as a process of their own. Each argument is a person to issue to, `name` or `name=kind of key`.
 * Prints one line of JSON with everything that a signer needs, then serves until its standard input ends.
 */
const services = await startTrustServices()
const people = process.argv.slice(2).map((argument) => {
  const [name = '', kind = 'P-256'] = argument.split('=')
  return printable(services.person(name, kind as KeyKind))
})

function base64(bytes: Bytes): string {
  return Buffer.from(bytes).toString('base64')
}

function printable({ certificate, key, algorithm }: Holder) {
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' })
  return { certificate: base64(certificate), key: base64(pkcs8), algorithm }
}

console.log(
  JSON.stringify({
    url: services.url,
    tsa: services.tsa.url,
    tsa2: services.tsa2.url,
    chain: services.chain.map(base64),
    people,
  }),
)
process.stdin.resume()
process.stdin.once('end', () => void services.stop())
