import { Worker } from 'node:worker_threads'
import { CodedError } from '../../std/error.ts'
import type { JobReply, JobRequest, JobTable } from './job-table.ts'

/* The main module of a child process: does the jobs of a table, one after the other, as its parent asks. */

const [, , jobsUrl = '', memoryBytes = ''] = process.argv

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

new Worker(new URL('memory-watch.ts', import.meta.url), { workerData: { memoryBytes: Number(memoryBytes) } }).unref()
const { jobs } = (await import(jobsUrl)) as { readonly jobs: JobTable }
process.on('message', (message) => void work(jobs, message as JobRequest))
// Nobody is left to ask when the parent is gone.
process.on('disconnect', () => process.exit())
reply({ kind: 'ready' })
