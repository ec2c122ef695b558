import { readFile } from 'node:fs/promises'
import type { Bytes } from '../../std/bytes.ts'
import { UsageError } from '../errors.ts'
import { unreadable } from '../file-source.ts'
import { certificatesIn } from '../pem.ts'

/** A file that the command line names. @throws UsageError */
export async function readGiven(path: string): Promise<Buffer> {
  return await readFile(path).catch((error: unknown) => {
    throw unreadable(path, error)
  })
}

/** The password in a file: its first line, as editors end a file with a line break. @throws UsageError */
export async function readSecret(path: string): Promise<string> {
  const [line = ''] = (await readGiven(path)).toString('utf8').split(/\r?\n/)
  if (line === '') throw new UsageError('usage.unreadable_file', `${path} holds no password in its first line.`)
  return line
}

/** All certificates in the files, in their order, encoded. @throws UsageError */
export async function readCertificates(paths: readonly string[]): Promise<readonly Bytes[]> {
  const found: Bytes[] = []
  for (const path of paths) {
    const content = await readGiven(path)
    try {
      found.push(...certificatesIn(content))
    } catch (cause) {
      throw new UsageError('usage.unreadable_file', `${path} holds no certificate in PEM or DER.`, {}, { cause })
    }
  }
  return found
}

/** The value of a JSON text, for a schema to judge; undefined for what is no JSON. */
export function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
