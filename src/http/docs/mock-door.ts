import type { FastifyInstance } from 'fastify'
import { JSON_CONTENT, mockMount, sendAnswer } from '../kit/error-form.ts'
import type { Facade, Route } from '../kit/facade.ts'
import { refuseOtherMethods, toPattern } from '../kit/mount.ts'
import { readBody } from '../kit/read-body.ts'

/**
 * Answers every documented call with the example of its first good reply, below `/_mock/<facade>`: without
 * credentials, without state. A body has to be JSON, of whatever content; unknown paths and methods are refused
 * in the facade's own words, as it would itself.
 */
export function mockDoor(facades: readonly Facade[]) {
  return (app: FastifyInstance): void => {
    for (const facade of facades) {
      const routes = facade.routes.map((route) => ({
        method: route.method,
        url: `${mockMount(facade)}${toPattern(route.path)}`,
        answer: exampleOf(route),
      }))
      for (const { method, url, answer } of routes) {
        app.route({
          method,
          url,
          async handler(request, reply) {
            readBody(request.headers, request.body)
            return sendAnswer(reply, answer)
          },
        })
      }
      refuseOtherMethods(app, routes)
    }
  }
}

function exampleOf(route: Route) {
  const good = Object.entries(route.replies).find(([status]) => Number(status) < 300)
  if (!good) throw new Error(`${route.operationId} documents no good reply`)
  const [status, { example }] = good
  return {
    status: Number(status),
    contentType: JSON_CONTENT,
    text: example === undefined ? '' : JSON.stringify(example),
  }
}
