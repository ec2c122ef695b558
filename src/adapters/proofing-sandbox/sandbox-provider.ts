import type { ProofingProvider } from '../../core/index.ts'
import type { Clock } from '../../std/time.ts'
import { type Persona, personas } from './personas.ts'
import { reportOf } from './report.ts'

/**
 * A provider of personas: who somebody is follows from their e-mail address, `<key>+anything@…` or `<key>@…`, and
 * nothing from chance. It keeps no state: its name for a session tells the persona.
 *
 * @throws Error from `report` for a session that this provider never opened
 */
export function sandboxProvider({ clock }: { readonly clock: Clock }): ProofingProvider {
  return {
    id: 'sandbox',
    async start({ id, email }) {
      return { providerRef: `sandbox:${personaFor(email).key}:${id}` }
    },
    async report(providerRef, request, startedAt) {
      const persona = personas.find(({ key }) => providerRef === `sandbox:${key}:${request.id}`)
      if (!persona) throw new Error('this is no session of the sandbox provider')
      const openForMs = clock.now().getTime() - startedAt.getTime()
      return openForMs < (persona.openMs ?? 0) ? null : reportOf(persona, request, startedAt)
    },
  }
}

function personaFor(email: string): Persona {
  const prefix = /^[^+@]*/.exec(email.toLowerCase())?.[0]
  return personas.find(({ key }) => key === prefix) ?? personas[0]
}
