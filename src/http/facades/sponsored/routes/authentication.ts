import { z } from 'zod'
import { confirmLogIn, signUp, startLogIn } from '../../../../core/index.ts'
import { type Route, route } from '../../../kit/facade.ts'
import * as examples from '../examples/examples.ts'
import { toLoggedIn } from '../map.ts'
import * as wire from '../wire.ts'

const nothing = z.object({})

export const authenticationRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/auth/signup',
    operationId: 'authSignup',
    tag: 'Authentication',
    summary: 'Register or check the existence of a person',
    description:
      'Registers a person by e-mail. 201 when the person is new, 200 when the address has an account; both return the address.',
    credential: 'company',
    params: nothing,
    query: nothing,
    body: wire.Identity,
    requestExample: examples.identity,
    replies: {
      200: { description: 'The person exists.', schema: wire.Email, example: examples.email },
      201: { description: 'The person was created.', schema: wire.Email, example: examples.email },
    },
    refusals: ['credential.wrong_client', 'person.email_invalid'],
    run: async (context, { body }) => {
      const { email, created } = await signUp(context, { email: body.email, clientId: body.client_id })
      return { status: created ? 201 : 200, body: { email } }
    },
  }),
  route({
    method: 'POST',
    path: '/auth/login',
    operationId: 'authLoginInitiate',
    tag: 'Authentication',
    summary: 'Initiate a log-in: send a one-time code by e-mail',
    description:
      'Returns the session that the confirmation takes. The answer is the same when the address is not registered.',
    credential: 'company',
    params: nothing,
    query: nothing,
    body: wire.Identity,
    requestExample: examples.identity,
    replies: {
      200: { description: 'The code was sent or queued.', schema: wire.LoginStarted, example: examples.loginStarted },
    },
    refusals: ['credential.wrong_client', 'person.email_invalid'],
    run: async (context, { body }) => {
      const { email, session, userId } = await startLogIn(context, { email: body.email, clientId: body.client_id })
      return { status: 200, body: { email, session, method: 'email', user_id: userId } }
    },
  }),
  route({
    method: 'POST',
    path: '/auth/login-confirmation',
    operationId: 'authLoginConfirm',
    tag: 'Authentication',
    summary: 'Confirm a log-in with the one-time code',
    description: 'Returns the tokens of the person and the next step of the onboarding, if one is left.',
    credential: 'company',
    params: nothing,
    query: nothing,
    body: wire.LoginConfirmation,
    requestExample: examples.loginConfirmation,
    replies: { 200: { description: 'The person is logged in.', schema: wire.LoggedIn, example: examples.loggedIn } },
    refusals: ['credential.wrong_client', 'challenge.failed', 'challenge.malformed', 'person.email_invalid'],
    run: async (context, { body }) => {
      const { email, session, otp: code, user_id: userId, client_id: clientId } = body
      return { status: 200, body: toLoggedIn(await confirmLogIn(context, { email, session, userId, code, clientId })) }
    },
  }),
]
