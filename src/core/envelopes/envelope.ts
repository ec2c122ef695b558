import type { Branded } from '../../std/ids.ts'

export type EnvelopeId = Branded<string, 'EnvelopeId'>
export type RoleId = Branded<string, 'RoleId'>

/** A package on its way to its signatures. */
export type EnvelopeStatus = 'draft' | 'sent' | 'completed' | 'declined' | 'expired'
