import { Worker } from 'node:worker_threads'
import { CodedError } from '../../std/error.ts'
import type { JobReply, JobRequest, JobTable } from './job-table.ts'

/**
 * Makes this process the child of a `Confinement`: it does the jobs of the table, one after the other, as its parent
 * asks. For the main module of a child, which does nothing else.
 */
export function serveJobs(jobs: JobTable): void {
  const [, , memoryBytes] = process.argv
  const watch = new URL('memory-watch.ts', import.meta.url)
  new Worker(watch, { workerData: { memoryBytes: Number(memoryBytes) } }).unref()
  process.on('message', (message) => void work(jobs, message as JobRequest))
  // Nobody is left to ask when the parent is gone.
  process.on('disconnect', () => process.exit())
  reply({ kind: 'ready' })
}

function reply(message: JobReply): void {
  process.send?.(message)
}

/** Answers a refusal; what is not one ends the process, as nobody knows what state it is in. */
async function work(jobs: JobTable, { job, input }: JobRequest): Promise<void> {
  try {
    const result = await jobs[job]?.(input as never)
    reply({ kind: 'ok', result, rssBytes: process.memoryUsage.rss() })
  } catch (error) {
    if (!(error instanceof CodedError)) throw error
    reply({ kind: 'refused', code: error.code, details: error.details, rssBytes: process.memoryUsage.rss() })
  }
}
