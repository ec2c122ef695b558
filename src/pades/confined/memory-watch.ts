import { workerData } from 'node:worker_threads'

/* A thread of the child: it still runs when a job keeps the main thread busy. */

/** How often the memory is looked at, in milliseconds: little can be filled in between. */
const EVERY_MS = 10

const { memoryBytes } = workerData as { readonly memoryBytes: number }

setInterval(() => {
  if (process.memoryUsage.rss() > memoryBytes) process.kill(process.pid, 'SIGKILL')
}, EVERY_MS)
