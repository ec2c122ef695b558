import { truncateSync } from 'node:fs'
import { signDocument } from '../../src/pades/index.ts'
import { appendInPlace, fileSource } from '../../src/pdf/index.ts'
import type { Cases } from './contender.ts'
import { now, signerOf, type World } from './world.ts'

/** Signs files on the disk where they lie, with and without waiting for the disk; each time as the first signature. */
export function inPlace(world: World): Cases {
  const signer = signerOf(world, 'P-256')
  const cases: Record<string, Cases[string]> = {}
  for (const [size, path] of Object.entries(world.files)) {
    const whole = fileSource(path)
    const expectedSize = whole.size
    whole.close()
    const tailOf = async () => {
      const source = fileSource(path)
      const tail = await signDocument(source, { signer, signedAt: now() })
      source.close()
      return tail
    }
    cases[size] = {
      work: async () => appendInPlace(path, await tailOf(), { expectedSize }),
      reset: () => truncateSync(path, expectedSize),
    }
    cases[`${size}, not written`] = { work: tailOf }
  }
  return cases
}
