import { extend } from '../../src/pades/index.ts'
import { bytesSource } from '../../src/pdf/index.ts'
import type { archiveTools } from './sign-for-the-archive.ts'

/** Brings signatures up to B-LTA, or an archive to its next time-stamp before the last one's certificate expires. */
export async function renewArchive(pdf: Uint8Array, tools: ReturnType<typeof archiveTools>): Promise<Uint8Array> {
  return Buffer.concat([pdf, await extend(bytesSource(pdf), { ...tools, level: 'B-LTA', now: new Date() })])
}
