import type { Report } from '../../src/pades/index.ts'
import type { ErrorDetails } from '../../src/std/error.ts'

/** What is said of the last signature of a file, or of the file when it is refused, in one line. */
export function verdictText(seen: Report | { readonly refused: string; readonly details: ErrorDetails }): string {
  if ('refused' in seen) return `refused ${seen.refused}`
  const last = seen.signatures.at(-1)
  if (last === undefined) return seen.indication
  return [last.indication, last.subIndication, last.reason?.code].filter((part) => part !== undefined).join(' ')
}
