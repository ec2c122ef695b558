import type { Option } from '../command.ts'

/** How a document is opened. */
export const inputOptions = {
  'password-file': { type: 'string', value: 'FILE', about: 'Holds the password of an encrypted document.' },
  repair: { type: 'boolean', about: 'Also open a damaged file; what was mended is told.' },
  progress: { type: 'boolean', about: 'Tell how far a large file is also where there is no terminal.' },
} as const satisfies Record<string, Option>

/** Where a document goes that has grown. */
export const targetOptions = {
  out: { type: 'string', short: 'o', value: 'OUT', about: 'The new file.' },
  'in-place': { type: 'boolean', about: 'Append to the file itself instead.' },
  force: { type: 'boolean', about: 'Replace OUT when it exists.' },
} as const satisfies Record<string, Option>

/** Whom to trust and whom to ask for time-stamps. */
export const trustOptions = {
  trust: {
    type: 'string',
    value: 'CERT',
    multiple: true,
    about: 'A root to trust, PEM or DER; needed for B-LT and B-LTA.',
  },
  tsa: {
    type: 'string',
    value: 'URL',
    multiple: true,
    about: 'A time-stamp authority (RFC 3161); they are asked in this order until one answers well.',
  },
} as const satisfies Record<string, Option>
