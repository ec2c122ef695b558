import { type ChildProcess, spawn } from 'node:child_process'
import { Socket } from 'node:net'
import { fileURLToPath } from 'node:url'
import { BARE_ENVIRONMENT } from './environment.ts'

const PROGRAM = fileURLToPath(new URL('./watcher-main.ts', import.meta.url))

/** Reads the pipe until it ends, which it does when this process is gone, however it went; then becomes node. */
const SCRIPT = 'cat >/dev/null; exec "$@"'

/**
 * Leaves a process behind that stops the server when this one is gone for good. Until then it is a shell that
 * reads from a pipe and costs a megabyte.
 *
 * @returns a function that ends the watch, for an orderly stop.
 */
export function watch(socketDirectory: string): () => void {
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'sh', process.execPath, PROGRAM, socketDirectory], {
    cwd: '/',
    env: BARE_ENVIRONMENT,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.on('error', () => undefined)
  child.unref()
  if (child.stdin instanceof Socket) child.stdin.unref()
  return () => end(child)
}

/** The shell leads a process group of its own; the group ends with it. */
function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, 'SIGTERM')
}
