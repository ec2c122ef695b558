/**
 * The environment of every process that this folder starts: where the system keeps its programs, and messages in
 * English. Ours is not handed on, because it may hold secrets, and a second process is a second place to read them.
 */
export const BARE_ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  LC_ALL: 'C',
} as const
