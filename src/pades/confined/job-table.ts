import type { ErrorDetails } from '../../std/error.ts'

/** Work that can be done in another process, by name: its input and its result must survive a structured clone. */
export type JobTable = Readonly<Record<string, (input: never) => unknown>>

export type JobInput<Job> = Job extends (input: infer Input) => unknown ? Input : never
export type JobResult<Job> = Job extends (input: never) => infer Result ? Awaited<Result> : never

/**
 * How a job ended: with its result, with a refusal of its own (the code of a typed error), or because its process was
 * ended: it took too long, took too much memory, or died of something that nobody foresaw.
 */
export type Confined<Result> =
  | { readonly ok: Result }
  | { readonly refused: string; readonly details: ErrorDetails }
  | { readonly killed: 'time' | 'memory' | 'crash' }

/** What the parent sends to a child. */
export type JobRequest = { readonly job: string; readonly input: unknown }

/** What a child sends back; `rssBytes` is how much memory its process has by then. */
export type JobReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ok'; readonly result: unknown; readonly rssBytes: number }
  | { readonly kind: 'refused'; readonly code: string; readonly details: ErrorDetails; readonly rssBytes: number }
