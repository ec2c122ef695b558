import type { ListedCommand } from '../command.ts'

/** Every command, in the order of the help. Few take the whole program, so each brings with it what it takes. */
export const commands: readonly ListedCommand[] = [
  {
    name: 'start',
    summary: 'Serve: database, worker and HTTP in one process',
    load: async () => (await import('./start.ts')).start,
  },
  {
    name: 'demo',
    summary: 'Walk the whole journey on a system of its own and check the result',
    load: async () => (await import('./demo.ts')).demo,
  },
  {
    name: 'outbox',
    summary: 'Show the newest messages of the sandboxes',
    load: async () => (await import('./outbox.ts')).outbox,
  },
  {
    name: 'tenant create',
    summary: 'Make a company with its first client',
    load: async () => (await import('./tenant-create.ts')).tenantCreate,
  },
  {
    name: 'tenant list',
    summary: 'List the companies, oldest first',
    load: async () => (await import('./tenant-list.ts')).tenantList,
  },
  {
    name: 'client rotate-secret',
    summary: 'Give a client a new secret',
    load: async () => (await import('./client-rotate-secret.ts')).clientRotateSecret,
  },
  {
    name: 'keys rotate',
    summary: 'Replace the keys that sign tokens',
    load: async () => (await import('./keys-rotate.ts')).keysRotate,
  },
  {
    name: 'sign',
    summary: 'Sign a PDF, up to PAdES B-LTA',
    exits: 'document',
    load: async () => (await import('./sign.ts')).sign,
  },
  {
    name: 'extend',
    summary: 'Bring the signatures of a PDF to a higher level, or renew its archive time-stamp',
    exits: 'document',
    load: async () => (await import('./extend.ts')).extend,
  },
  {
    name: 'validate',
    summary: 'Validate the signatures of a PDF',
    exits: 'document',
    load: async () => (await import('./validate.ts')).validate,
  },
  {
    name: 'fields',
    summary: 'List the form fields of a PDF',
    exits: 'document',
    load: async () => (await import('./fields.ts')).fields,
  },
  {
    name: 'fill',
    summary: 'Fill in the form fields of a PDF',
    exits: 'document',
    load: async () => (await import('./fill.ts')).fill,
  },
  {
    name: 'openapi',
    summary: 'Print the OpenAPI document of an API',
    load: async () => (await import('./openapi.ts')).openapi,
  },
  {
    name: 'doctor',
    summary: 'Look at the installation and say what is wrong',
    load: async () => (await import('./doctor.ts')).doctor,
  },
]
