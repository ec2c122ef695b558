import { readConfig } from '../../src/app/config.ts'
import { startServer } from '../../src/app/server.ts'
import { insightInto, makeCompany } from './serving-insight.ts'
import type { Question, Said } from './serving-process.ts'

/**
 * The whole server as a process that tests may kill: on the data directory and port given, it tells its parent when
 * it is ready, answers what the parent asks, and stops in order when the parent lets go of it.
 */
const [dataDirectory = '', port = ''] = process.argv.slice(2)
const say = (words: Said): void => void process.send?.(words)

const server = await startServer(readConfig({}, { dataDirectory, port: Number(port), logLevel: 'warn' }))
const { platform } = server.chancery
const insight = insightInto(platform)

async function answer(question: Question): Promise<unknown> {
  switch (question.ask) {
    case 'company':
      return await makeCompany(platform, question.name)
    case 'code':
      return await insight.codeSentTo(question.company, question.to)
    case 'rows':
      return await insight.rows(question.text)
  }
}

process.on('message', (question: Question) => {
  answer(question).then(
    (result) => say({ id: question.id, result }),
    (error: unknown) => say({ id: question.id, failure: String(error) }),
  )
})
process.once('disconnect', () => {
  server.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  )
})
server.lost.then(
  () => process.exit(1),
  () => process.exit(1),
)
say({ address: server.address })
