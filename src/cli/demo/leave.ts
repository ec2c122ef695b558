import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { certificateToPem } from '../pem.ts'
import { containersOf } from './containers.ts'
import type { Exhibits } from './foreign-judges.ts'
import type { Souvenirs } from './journey.ts'

/** The names of what the demo leaves behind. */
export const FILES = {
  signed: 'signed.pdf',
  signedTwice: 'signed-twice.pdf',
  certificate: 'certificate.pem',
  root: 'root.pem',
  issuing: 'issuing.pem',
  summary: 'summary.json',
} as const

/** Writes the files into the folder, which is made when missing. Files of an earlier run are replaced. */
export async function leave(folder: string, souvenirs: Souvenirs): Promise<Exhibits> {
  await mkdir(folder, { recursive: true })
  const put = async (name: keyof typeof FILES, content: Buffer | string): Promise<string> => {
    const path = join(folder, FILES[name])
    await writeFile(path, content)
    return path
  }
  const { first, second, root, issuing } = souvenirs
  const certificate = containersOf(first.file.bytes)[0]?.signer
  if (certificate) await put('certificate', certificateToPem(certificate))
  await put('issuing', certificateToPem(issuing))
  return {
    signed: { path: await put('signed', first.file.bytes), bytes: first.file.bytes },
    signedTwice: { path: await put('signedTwice', second.file.bytes), bytes: second.file.bytes },
    rootPem: await put('root', certificateToPem(root)),
  }
}
