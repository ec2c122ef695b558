import type { Context, Needs } from '../context.ts'
import type { StoredDocument } from '../documents/document.ts'
import { fail } from '../errors.ts'
import { refuseFor } from './engine-refusals.ts'
import { ownPolicy, withFile } from './open-stored.ts'

/**
 * Refuses a file that nobody can sign: not a PDF, one that can only be read by guessing or with a password, one that
 * forbids it, and one that carries a signature which is broken already. Nobody knows the file yet, so it is looked at
 * in a process that can be ended.
 *
 * @throws DomainError document.unreadable, document.password_needed, document.signing_forbidden, with the reason
 */
export async function requireSignable(context: Context, document: StoredDocument): Promise<void> {
  const { confinement, files } = context
  const policy = ownPolicy(context)
  const outcome = await withFile({ files }, document.content.sha256, ({ path }) =>
    confinement.run('admit', { path, policy }),
  )
  if ('killed' in outcome) refuseKilled(context, document, outcome.killed)
  if ('refused' in outcome) {
    refuseFor(outcome.refused, outcome.details)
    throw new Error(`a file could not be looked at: ${outcome.refused}`)
  }
  if (outcome.ok === 'TOTAL-FAILED') fail('document.unreadable', { reason: 'broken_signature' })
}

/** A file that breaks the engine is one that the operator wants to see. */
function refuseKilled({ log }: Needs<'log'>, { id }: StoredDocument, cause: 'time' | 'memory' | 'crash'): never {
  log.warn({ document: id, cause }, 'a process that looked at a document was ended')
  fail('document.unreadable', { reason: cause === 'crash' ? 'reader_failed' : 'too_much_work' })
}
