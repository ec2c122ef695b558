import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'

/*
 * Every setting of the platform, once. The start stops when one is wrong; docs/config.md and .env.example are
 * generated from this table. This is the only file that reads the environment.
 */

const port = z.coerce.number().int().min(0).max(65535)
const origin = z
  .url({ protocol: /^https?$/ })
  .refine((text) => new URL(text).origin === text, 'an origin without a path or a slash at the end')

export type Setting = {
  readonly key: string
  readonly env: string
  readonly schema: z.ZodType
  readonly default?: string | number
  readonly doc: string
  readonly secret?: true
}

export const settings = [
  {
    key: 'dataDirectory',
    env: 'CHANCERY_DATA',
    schema: z.string().min(1),
    default: './data',
    doc: 'Where the embedded database, the files and the master key lie.',
  },
  {
    key: 'databaseUrl',
    env: 'DATABASE_URL',
    schema: z.string().min(1).optional(),
    doc: 'A PostgreSQL 15 or later that somebody else runs. Without it the embedded one is started in the data directory.',
    secret: true,
  },
  {
    key: 'host',
    env: 'CHANCERY_HOST',
    schema: z.string().refine((text) => isIP(text) !== 0, 'an IP address'),
    default: '127.0.0.1',
    doc: 'The address to listen on.',
  },
  { key: 'port', env: 'CHANCERY_PORT', schema: port, default: 8480, doc: 'The port to listen on; 0 takes a free one.' },
  {
    key: 'publicUrl',
    env: 'CHANCERY_PUBLIC_URL',
    schema: origin.optional(),
    doc: 'The origin under which people and companies reach the server. Without it, http://localhost with the port.',
  },
  {
    key: 'pkiUrl',
    env: 'CHANCERY_PKI_URL',
    schema: origin.optional(),
    doc: 'The plain-http origin that certificates name for the authority and its revocation list. Without it, the public URL with http: let the proxy pass /pki there.',
  },
  {
    key: 'trustedProxies',
    env: 'CHANCERY_TRUSTED_PROXIES',
    schema: z.string().transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    ),
    default: '',
    doc: 'Addresses or networks of proxies whose X-Forwarded-For is believed, separated by commas.',
  },
  {
    key: 'masterKey',
    env: 'CHANCERY_MASTER_KEY',
    schema: z
      .base64()
      .refine((text) => Buffer.from(text, 'base64').length === 32, '32 bytes in base64')
      .optional(),
    doc: 'The master key, 32 bytes in base64. Without it, the file below.',
    secret: true,
  },
  {
    key: 'masterKeyFile',
    env: 'CHANCERY_MASTER_KEY_FILE',
    schema: z.string().min(1).optional(),
    doc: 'The file with the master key. Without it, master.key in the data directory, made at the first start. Keep it apart from the backups of the database.',
  },
  {
    key: 'databaseConnections',
    env: 'CHANCERY_DATABASE_CONNECTIONS',
    schema: z.coerce.number().int().min(6).max(500),
    default: 20,
    doc: 'Database connections of this process at most.',
  },
  {
    key: 'jobs',
    env: 'CHANCERY_JOBS',
    schema: z.coerce.number().int().min(1).max(100),
    default: 5,
    doc: 'Jobs that this process works on at once.',
  },
  {
    key: 'logLevel',
    env: 'CHANCERY_LOG',
    schema: z.enum(['debug', 'info', 'warn', 'error']),
    default: 'info',
    doc: 'The least level that is logged.',
  },
  {
    key: 'smtpUrl',
    env: 'CHANCERY_SMTP_URL',
    schema: z.url({ protocol: /^smtps?$/ }).optional(),
    doc: 'The mail server for live companies: smtp://user:password@host:port or smtps://.',
    secret: true,
  },
  {
    key: 'mailFrom',
    env: 'CHANCERY_MAIL_FROM',
    schema: z.string().min(3),
    default: 'chancery@localhost',
    doc: 'The sender of mail.',
  },
  {
    key: 'smsUrl',
    env: 'CHANCERY_SMS_URL',
    schema: z.url().optional(),
    doc: 'The SMS gateway for live companies; docs/adapters.md has its contract.',
  },
  {
    key: 'smsToken',
    env: 'CHANCERY_SMS_TOKEN',
    schema: z.string().min(1).optional(),
    doc: 'The bearer token for the SMS gateway.',
    secret: true,
  },
  {
    key: 'registryUrl',
    env: 'CHANCERY_REGISTRY_URL',
    schema: z.url().optional(),
    doc: 'The national registry for live companies; docs/adapters.md has its contract.',
  },
  {
    key: 'registryToken',
    env: 'CHANCERY_REGISTRY_TOKEN',
    schema: z.string().min(1).optional(),
    doc: 'The bearer token for the registry.',
    secret: true,
  },
] as const satisfies readonly Setting[]

type Values = { [Each in (typeof settings)[number] as Each['key']]: z.output<Each['schema']> }

/** The settings of this process, checked. */
export type Config = Readonly<Values>

/** A setting that is wrong: the message names each and what it should be, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** Reads the environment. `changes` stand above it, for commands that bring settings of their own. @throws ConfigError */
export function readConfig(environment: NodeJS.ProcessEnv = process.env, changes: Partial<Config> = {}): Config {
  const values: Record<string, unknown> = {}
  const faults: string[] = []
  for (const setting of settings as readonly Setting[]) {
    const given = environment[setting.env]
    const read = setting.schema.safeParse(given === undefined || given === '' ? setting.default : given)
    if (read.success) values[setting.key] = read.data
    else faults.push(`${setting.env}: ${read.error.issues[0]?.message ?? 'is wrong'}. ${setting.doc}`)
  }
  if (faults.length > 0) throw new ConfigError(faults.join('\n'))
  const config = { ...values, ...changes } as Config
  return { ...config, dataDirectory: resolve(config.dataDirectory) }
}
