import { PkiError } from './pki-error.ts'

/** What `read` gives; nothing when it refuses the bytes. For places where an absent value and a broken one are alike. */
export function readable<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof PkiError) return undefined
    throw error
  }
}
