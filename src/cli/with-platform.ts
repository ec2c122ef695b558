import type { Platform } from '../core/index.ts'
import { NotOpened } from './errors.ts'
import type { Tools } from './tools.ts'

/** Opens the platform for the time of `work`. @throws NotOpened */
export async function withPlatform<Result>(
  tools: Tools,
  work: (platform: Platform) => Promise<Result>,
): Promise<Result> {
  const { platform, close } = await tools.open()
  try {
    return await work(platform)
  } finally {
    await close()
  }
}

/**
 * Like `withPlatform`, for commands that only look or change: a mistyped data directory must not become a new, empty
 * installation.
 *
 * @throws NotOpened
 */
export async function withExistingPlatform<Result>(
  tools: Tools,
  work: (platform: Platform) => Promise<Result>,
): Promise<Result> {
  const { exists, dataDirectory } = await tools.installation()
  if (exists) return await withPlatform(tools, work)
  throw new NotOpened(
    'data.missing',
    `There is no installation in ${dataDirectory}. "chancery start" makes one; CHANCERY_DATA names another directory.`,
  )
}
