import type { Context } from '../../src/core/context.ts'
import type { FileStore } from '../../src/core/documents/file-store.ts'
import type { IntentId } from '../../src/core/signing/intent.ts'
import { withFile } from '../../src/core/signing/open-stored.ts'
import type { SignRequest } from '../../src/core/signing/sign-document.ts'
import { asPerson, type Holder, signRequest, upload } from './core-journey.ts'
import type { CorePlatform } from './core-platform.ts'

/* What the tests of signing look at, behind the fences. */

/** A request to sign a new document that only has to be made. */
export async function readySigning(holder: Holder): Promise<SignRequest> {
  return await signRequest(holder, await upload(holder))
}

/** Acts as a holder on a platform whose files behave otherwise. */
export function withFiles(holder: Holder, change: Partial<FileStore>): Context {
  const { company } = holder
  const { platform } = company
  return asPerson(company, holder.id, { ...platform, files: { ...platform.files, ...change } })
}

export type IntentRow = {
  readonly id: IntentId
  readonly status: string
  readonly failure: string | null
  readonly attempts: number
  readonly prepared: Buffer | null
  readonly lease_until: Date | null
}

/** The intent that a request led to, if there is one. */
export async function intentOf(platform: CorePlatform, { challengeId }: SignRequest): Promise<IntentRow | undefined> {
  const query = 'select * from intents where challenge_id = $1'
  return (await platform.behind.administer<IntentRow>(query, [challengeId]))[0]
}

/** How many signed documents a request led to. */
export async function resultsOf(platform: CorePlatform, { document }: SignRequest): Promise<number> {
  const query = 'select count(*)::int as n from documents where source_id = $1'
  const rows = await platform.behind.administer<{ n: number }>(query, ['id' in document ? document.id : ''])
  return rows[0]?.n ?? -1
}

/** How often a holder's key was used. */
export async function usesOf({ company, certificate }: Holder): Promise<number> {
  const query = 'select uses::int from keys where id = $1'
  const rows = await company.platform.behind.administer<{ uses: number }>(query, [certificate.keyId])
  return rows[0]?.uses ?? -1
}

/** What the audit says of something, oldest first. */
export async function actionsOf(platform: CorePlatform, subjectId: string): Promise<readonly string[]> {
  const query = 'select action from audit where subject_id = $1 order by seq'
  const rows = await platform.behind.administer<{ action: string }>(query, [subjectId])
  return rows.map(({ action }) => action)
}

/** The bytes of a stored file. */
export async function bytesOf(platform: CorePlatform, sha256: string): Promise<Buffer> {
  return await withFile(platform, sha256, async (file) => Buffer.from(file.read(0, file.size)))
}

/** A refusal as a caller sees it. */
export function asAnswer({ code, message, details }: { code: string; message: string; details: unknown }) {
  return { code, message, details }
}
