/** The signals by which a person or a supervisor asks a process to end. */
const SIGNALS = ['SIGINT', 'SIGTERM'] as const
/** npm passes on a Ctrl-C that the terminal has sent to everybody already: the second one is no second wish. */
const ECHO_MS = 500

export type Interruption = {
  /** Resolves at the first signal. */
  readonly asked: Promise<void>
  /** Gives the signals their usual effect back. */
  release(): void
}

/** Listens for the wish to end. A second wish ends the process at once, with the code that shells expect. */
export function listenForInterruption(): Interruption {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  let firstAt: number | undefined
  const onSignal = (): void => {
    firstAt ??= performance.now()
    if (performance.now() - firstAt > ECHO_MS) process.exit(130)
    resolve()
  }
  for (const signal of SIGNALS) process.on(signal, onSignal)
  return {
    asked,
    release() {
      for (const signal of SIGNALS) process.removeListener(signal, onSignal)
    },
  }
}
