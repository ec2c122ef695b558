import { hashPrefix, signDocument } from '../../src/pades/index.ts'
import { fileSource } from '../../src/pdf/index.ts'
import type { Cases } from './contender.ts'
import { now, signerOf, type World } from './world.ts'

/** Signatures of files whose digest was kept: each opens the file anew and reads what it needs of it. */
export async function keptPrefix(world: World): Promise<Cases> {
  const signer = signerOf(world, 'P-256')
  const cases: Record<string, Cases[string]> = {}
  for (const [size, path] of Object.entries(world.files)) {
    const whole = fileSource(path)
    const prefix = await hashPrefix(whole, signer.identity.digest)
    whole.close()
    const work = async () => {
      const source = fileSource(path)
      const tail = await signDocument(source, { signer, signedAt: now(), prefix })
      source.close()
      return tail
    }
    cases[size] = { work }
  }
  return cases
}
