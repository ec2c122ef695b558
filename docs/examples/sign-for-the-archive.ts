import { randomBytes } from 'node:crypto'
import { createTimestamper, onlineEvidence, type Signer, signDocument } from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import { httpExchange, readCertificate } from '../../src/pki/index.ts'

/** Tools for B-T and above: made once, as they keep connections and the answers about authorities. */
export function archiveTools(tsa: string[], anchors: Uint8Array[], intermediates: Uint8Array[]) {
  const exchange = httpExchange({ timeoutMs: 5000, attempts: 2 })
  const now = () => new Date()
  const trust = { anchors: anchors.map(readCertificate), intermediates: intermediates.map(readCertificate) }
  const authorities = tsa.map((url) => ({ url }))
  return {
    timestamper: createTimestamper({ authorities, exchange, trust, now, random: randomBytes }),
    evidence: { ...trust, source: onlineEvidence({ exchange, now }) },
  }
}

/** A visible signature at B-LTA: the level that was asked for comes back, or an error. */
export async function signForTheArchive(
  pdf: Uint8Array,
  signer: Signer,
  tools: ReturnType<typeof archiveTools>,
): Promise<Uint8Array> {
  const tail = await signDocument(bytesSource(pdf), {
    ...tools,
    signer,
    level: 'B-LTA',
    signedAt: new Date(),
    field: { page: 0, rectangle: [300, 60, 540, 120] },
    appearance: { lines: ['Signed by Ana Ruiz', 'Lima, 20 November 2026'] },
  })
  return Buffer.concat([pdf, tail])
}
