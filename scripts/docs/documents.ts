import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** A document that is made from the code. The path is relative to the repository. */
export type GeneratedDocument = { readonly path: string; readonly generate: () => string | Promise<string> }

export async function writeDocuments(root: string, documents: readonly GeneratedDocument[]): Promise<void> {
  for (const { path, generate } of documents) {
    const file = join(root, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, await generate())
  }
}

/** The paths of the documents that are missing, or not what the code makes of them now. */
export async function staleDocuments(root: string, documents: readonly GeneratedDocument[]): Promise<string[]> {
  const stale: string[] = []
  for (const { path, generate } of documents) {
    if ((await readIfThere(join(root, path))) !== (await generate())) stale.push(path)
  }
  return stale
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined
    throw cause
  }
}
