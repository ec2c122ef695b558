import { validate } from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import { now, type World } from './world.ts'

/** Nothing is measured that is not right. @throws when the signature of a document does not pass */
export async function requirePassed({ chain }: World, name: string, pdf: Uint8Array): Promise<void> {
  const trustAnchors = chain.slice(-1)
  const policy = { trustAnchors, intermediates: chain, time: now(), revocation: 'none' } as const
  const { signatures } = await validate(bytesSource(pdf), policy)
  const [signature] = signatures
  if (signatures.length !== 1 || signature?.indication !== 'TOTAL-PASSED')
    throw new Error(
      `${name} made a signature that is ${signature?.indication ?? 'not there'}: ${signature?.reason?.message}`,
    )
}
