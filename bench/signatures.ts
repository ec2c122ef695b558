import { sign as bareSign } from 'node:crypto'
import { finish, prepare, sign } from '../src/pades/index.ts'
import { bytesSource } from '../src/pdf/index.ts'
import { buildPdf } from '../src/pdf/testing/pdf-builder.ts'
import { type KeyKind, NOW, newAuthority, signerOf } from '../src/pki/testing/authority.ts'
import { compare, printTable, repeatedly } from './measure.ts'

const ROUNDS = 7
const ROUND_MS = 300

/** Signatures of a document of 50 kB, from its bytes to the revision, against the bare operation of the same key. */
export async function benchSignatures(): Promise<void> {
  const authority = newAuthority()
  const file = buildPdf('table', { form: true, noise: 48_000, pages: 4 })
  for (const kind of ['P-256', 'RSA-2048'] as const satisfies readonly KeyKind[]) {
    const holder = authority.person('Ana Ruiz', kind)
    const signer = signerOf(holder, authority)
    // As long as the attributes that a signature signs.
    const attributes = Buffer.alloc(250, 1)
    const results = await compare(
      [
        {
          name: 'crypto.sign',
          round: (forMs) => repeatedly(forMs, () => bareSign('sha256', attributes, holder.key)),
        },
        {
          name: 'open, prepare, sign, finish',
          round: (forMs) =>
            repeatedly(forMs, async () => {
              const prepared = await prepare(bytesSource(file), { signer: signer.identity, signedAt: NOW })
              return finish(await sign(prepared, signer))
            }),
        },
      ],
      { rounds: ROUNDS, roundMs: ROUND_MS },
    )
    printTable(`Signatures of a PDF of ${Math.round(file.length / 1000)} kB, ${kind}, one core`, 'per s', results)
  }
}
