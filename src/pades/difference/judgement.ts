import { isLocked, type Permissions } from '../permissions.ts'
import type { Change, Deed, Prohibition } from './change.ts'

/** What a revision did, with whether the signatures before it allow it. */
export function judge(deed: Deed, objects: readonly number[], permissions: Permissions): Change {
  if (deed.kind === 'undefined') return { ...deed, objects, allowed: false }
  const forbiddenBy = prohibition(deed, permissions)
  return { ...deed, objects, allowed: forbiddenBy === undefined, ...(forbiddenBy ? { forbiddenBy } : {}) }
}

/** ISO 32000-2 table 257 for certifications, 12.8.2.4 for locks. */
function prohibition(deed: Deed, permissions: Permissions): Prohibition | undefined {
  const { level } = permissions
  switch (deed.kind) {
    case 'signature':
    case 'form_fill':
      if (level === 1) return 'certification'
      return isLocked(permissions, deed.field) ? 'field_lock' : undefined
    case 'field':
      return level === undefined ? undefined : 'certification'
    case 'annotation':
      return level === undefined || level === 3 ? undefined : 'certification'
    // What keeps signatures valid is allowed by every level (12.8.2.2.1), and so is what is about the file alone.
    case 'timestamp':
    case 'extension':
    case 'document_information':
    case 'metadata':
    case 'undefined':
      return undefined
  }
}
