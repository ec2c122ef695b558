import { z } from 'zod'
import type { RegistryEntry } from '../../core/index.ts'
import type { Bytes } from '../../std/bytes.ts'

const MAX_BYTES = 64 * 1024

/** A name goes into certificates and onto pages: control, direction and unassigned characters have no place there. */
const name = z
  .string()
  .trim()
  .normalize('NFC')
  .min(1)
  .max(100)
  .regex(/^\P{C}+$/u)

const entry = z.object({
  givenName: name,
  surname: name,
  dateOfBirth: z.iso.date(),
  taxId: z
    .string()
    .regex(/^[0-9A-Za-z][0-9A-Za-z .-]{0,19}$/)
    .nullable(),
})

/**
 * Reads a registry's answer; fields beyond the contract are ignored.
 *
 * The parsers' own messages quote what they read, so none of them is kept as a cause.
 * @throws Error naming the fault and the fields, never a value
 */
export async function readEntry(response: Response): Promise<RegistryEntry> {
  const result = entry.safeParse(parse(await readUpTo(response, MAX_BYTES)))
  if (result.success) return result.data
  const fields = new Set(result.error.issues.map(({ path }) => path.join('.') || 'the whole'))
  throw new Error(`the registry's answer is malformed: ${[...fields].join(', ')}`)
}

function parse(bytes: Bytes): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw new Error("the registry's answer is not JSON in UTF-8")
  }
}

/** Counts what arrives after decompression: a declared length says nothing of that. */
async function readUpTo(response: Response, max: number): Promise<Bytes> {
  const chunks: Bytes[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    // Leaving the loop cancels the rest.
    if (length > max) throw new Error(`the registry's answer is longer than ${max} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
