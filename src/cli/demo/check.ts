/** Something that was looked at after the journey. */
export type Check = {
  readonly name: string
  /** `skipped`: what it takes is not on this machine. */
  readonly result: 'passed' | 'failed' | 'skipped'
  /** What was seen. */
  readonly detail: string
}

export function check(name: string, holds: boolean, detail: string): Check {
  return { name, result: holds ? 'passed' : 'failed', detail }
}
