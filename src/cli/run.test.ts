import { describe, expect, test } from 'vitest'
import { DomainError } from '../core/index.ts'
import { PadesError } from '../pades/index.ts'
import { command } from './command.ts'
import { commands } from './commands/index.ts'
import { NotOpened, Refused, UsageError } from './errors.ts'
import { collect, noTools } from './testing/collect.ts'

const breaking = (error: unknown) => [
  {
    name: 'break',
    summary: 'Break',
    load: async () =>
      command({
        about: 'Breaks.',
        operands: {},
        options: {},
        run: async () => {
          throw error
        },
      }),
  },
]

describe('what goes wrong', () => {
  test.each([
    ['an answer that is no', new Refused('client.not_found', 'There is no such client.'), 1, 'client.not_found'],
    ['a refusal of the domain', new DomainError('tenant.not_found'), 1, 'tenant.not_found'],
    ['a command line that cannot be followed', new UsageError('usage.invalid', 'Say more.'), 2, 'usage.invalid'],
    ['a platform that does not open', new NotOpened('port.taken', 'The port is taken.'), 3, 'port.taken'],
    ['a bug', new TypeError('x is not a function'), 4, 'cli.unexpected'],
  ])('%s has its own exit code, and a code in JSON', async (_name, error, exitCode, code) => {
    const { message } = error
    const forPeople = await collect(breaking(error), ['break'])
    expect(forPeople).toMatchObject({ exitCode, stdout: '' })
    expect(forPeople.stderr).toContain(`chancery: ${message}\n`)
    const forPrograms = await collect(breaking(error), ['break', '--json'])
    expect(forPrograms.exitCode).toBe(exitCode)
    expect(JSON.parse(forPrograms.stdout)).toEqual({ error: { code, message } })
  })

  test('is told with all that is known of it, and no name in it steers the terminal', async () => {
    const details = { field: 'a\u001b[2J', attempts: ['one: silent', 'two: refused'] }
    const error = new PadesError('pades.field_locked', 'an earlier signature locks the field', details)
    const forPeople = await collect(breaking(error), ['break'])
    expect(forPeople.exitCode).toBe(1)
    expect(forPeople.stderr).toBe(
      'chancery: an earlier signature locks the field\n  field: a\u{FFFD}[2J\n  attempts: one: silent\n  attempts: two: refused\n',
    )
    const { stdout } = await collect(breaking(error), ['break', '--json'])
    expect(JSON.parse(stdout).error).toEqual({ code: error.code, message: error.message, details })
  })

  test('shows a stack only to who asked for every detail', async () => {
    const error = new TypeError('x is not a function')
    expect((await collect(breaking(error), ['break'])).stderr).not.toContain('    at ')
    const debugging = { ...noTools, isDebugging: async () => true }
    expect((await collect(breaking(error), ['break'], debugging)).stderr).toContain('    at ')
  })
})

describe('a command line', () => {
  test.each([
    [['fly'], /There is no command "fly"/],
    [['tenant'], /"tenant create", "tenant list"/],
    [['--verbose'], /There is no command "--verbose"/],
    [['tenant', 'create'], /--name is missing/],
    [['tenant', 'create', '--name', ' '], /--name has 1 to 100/],
    [['tenant', 'create', '--name='], /--name is empty/],
    [['tenant', 'create', '--name', 'A', '--mode', 'test'], /--mode is one of: sandbox, live/],
    [['tenant', 'create', '--name', 'A', '--country', 'GTM'], /--country has two letters/],
    [['tenant', 'list', '--all'], /--all/],
    [['tenant', 'list', 'more'], /"more" is one word too many/],
    [['client', 'rotate-secret'], /CLIENT_ID is missing/],
    [['client', 'rotate-secret', 'a', '--grace', '-1'], /--grace/],
    [['client', 'rotate-secret', 'a', '--grace', '1.5'], /--grace is a whole number from 0 to 2592000/],
    [['outbox', '--limit', '0'], /--limit is a whole number from 1 to 200/],
    [['outbox', '--limit'], /--limit/],
    [['keys', 'rotate', '--end-now=yes'], /--end-now/],
    [['openapi', 'nobody'], /FACADE is one of: sponsored/],
  ])('of %j is refused with a sentence', async (words, sentence) => {
    const { exitCode, stdout, stderr } = await collect(commands, words)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(sentence)
  })

  test.each([['outbox'], ['tenant list'], ['client rotate-secret abc'], ['keys rotate']])(
    '%s makes no installation where there is none',
    async (words) => {
      const { exitCode, stderr } = await collect(commands, words.split(' '))
      expect(exitCode).toBe(3)
      expect(stderr).toContain('There is no installation in /nowhere')
    },
  )

  test.each(['sign', 'extend', 'validate', 'fields', 'fill'])(
    'of %s, whose 2 is a verdict, ends with 64 when it is refused',
    async (name) => {
      const { exitCode, stdout, stderr } = await collect(commands, [name])
      expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
      expect(stderr).toContain(`Usage: chancery ${name} `)
      expect((await collect(commands, [name, '--help'])).stdout).toMatch(/^ {2}64 +the command line is wrong/m)
    },
  )

  test('of nothing shows the help and is not a success', async () => {
    expect((await collect(commands, [])).exitCode).toBe(2)
  })
})

describe('the help', () => {
  test.each(['help', '--help', '-h'])('%s lists every command and every exit code', async (word) => {
    const { exitCode, stdout } = await collect(commands, [word])
    expect(exitCode).toBe(0)
    for (const { name, summary } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} +${summary}$`, 'm'))
    for (const code of [0, 1, 2, 3, 4]) expect(stdout).toMatch(new RegExp(`^  ${code}  .+$`, 'm'))
  })

  test.each(commands.map(({ name }) => name))('%s --help names each of its options', async (name) => {
    const { exitCode, stdout } = await collect(commands, [...name.split(' '), '--help'])
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`Usage: chancery ${name}`)
    const found = await commands.find((candidate) => candidate.name === name)?.load()
    expect(found).toBeDefined()
    for (const option of Object.keys(found?.options ?? {})) expect(stdout).toMatch(new RegExp(`  (?:-o, )?--${option}`))
  })

  test('--version is that of the package', async () => {
    expect(await collect(commands, ['--version'])).toEqual({ exitCode: 0, stdout: '1.2.3\n', stderr: '' })
  })
})

describe('openapi', () => {
  test.each([
    ['openapi', 'sponsored'],
    ['openapi', 'sponsored', '--json'],
  ])('%s %s prints the document', async (...words) => {
    const { exitCode, stdout } = await collect(commands, words)
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, { openapi: '3.1.0' }])
  })
})
