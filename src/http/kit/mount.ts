import type { FastifyInstance, HTTPMethods } from 'fastify'
import { answering, authenticating, type Kit } from './call.ts'
import type { Facade } from './facade.ts'
import { HttpRefusal } from './problem.ts'

/** Opens every call of a facade below its mount. */
export function mountFacade(app: FastifyInstance, kit: Kit, facade: Facade): void {
  for (const route of facade.routes) {
    app.route({
      method: route.method,
      url: facade.mount + toPattern(route.path),
      onRequest: authenticating(kit, facade, route),
      handler: answering(kit, facade, route),
    })
  }
  refuseOtherMethods(
    app,
    facade.routes.map(({ method, path }) => ({ method, url: facade.mount + toPattern(path) })),
  )
}

/** A path that is there answers 405 to every method that is not (RFC 9110 §15.5.6), and names those that are. */
export function refuseOtherMethods(
  app: FastifyInstance,
  routes: readonly { readonly method: HTTPMethods; readonly url: string }[],
): void {
  const allowed = new Map<string, HTTPMethods[]>()
  for (const { method, url } of routes) allowed.set(url, [...(allowed.get(url) ?? []), method])
  for (const [url, methods] of allowed) {
    const allow = methods.join(', ')
    app.route({
      method: app.supportedMethods.filter((method) => !methods.includes(method)),
      url,
      // Before the body is read: what it holds does not matter any more.
      onRequest: async () => {
        throw new HttpRefusal('request.unknown_path', 405, { headers: { allow } })
      },
      handler: async () => undefined,
    })
  }
}

/** `/a/{id}` as the router writes it: `/a/:id`. */
export function toPattern(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1')
}
