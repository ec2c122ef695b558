import { fastify } from 'fastify'
import { Identity, LoginStarted } from '../src/http/facades/sponsored/wire.ts'

/** What a log-in costs at least: Fastify, the same validation of request and reply, and no work in between. */
const app = fastify({ logger: false })

app.post('/v1/auth/login', async (request) => {
  const { email } = Identity.parse(request.body)
  return LoginStarted.parse({
    email,
    session: 'sess_00112233445566778899aabbccddeeff',
    method: 'email',
    user_id: '27c7e9af-b519-4bec-a9c1-c7fd51aad8b6',
  })
})

process.once('disconnect', () => {
  app.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
process.send?.({ address: await app.listen({ host: '127.0.0.1', port: 0 }) })
