import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A new directory below the temporary one. */
export type TemporaryDirectory = {
  readonly path: string
  /**
   * Removes it and what is in it. Takes no path on purpose: no test computes what is removed, so a path that came
   * out wrong removes nothing.
   */
  remove(): Promise<void>
}

export async function makeTemporaryDirectory(name: string): Promise<TemporaryDirectory> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`))
  return {
    path,
    async remove() {
      if (dirname(path) !== tmpdir()) throw new Error(`${path} is not below the temporary directory`)
      await rm(path, { recursive: true, force: true })
    },
  }
}
