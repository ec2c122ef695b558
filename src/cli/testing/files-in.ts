import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The files of a test in a folder of its own. */
export function filesIn(folder: string) {
  const path = (name: string) => join(folder, name)
  return {
    path,
    /** Writes a file and gives its path. */
    put(name: string, content: Uint8Array | string): string {
      writeFileSync(path(name), content)
      return path(name)
    },
    names: () => readdirSync(folder),
  }
}
