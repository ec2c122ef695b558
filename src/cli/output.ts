import { styleText } from 'node:util'

/** Where text goes. The two streams of a process are, and so is what a test collects. */
export type Stream = NodeJS.WritableStream

export type Tone = 'good' | 'bad' | 'doubtful' | 'faint' | 'strong'

/** Where a command says what it found: to people as it goes, or to a program in one document. Never both. */
export type Output = {
  readonly json: boolean
  /** Where a command tells how far it is: never part of its answer. */
  readonly errors: Stream
  /** A line for people; nothing where a program listens. */
  say(line?: string): void
  /** The answer for a program; nothing where a person reads. At most once in a run. */
  give(document: unknown): void
  /** Text with a colour, where the terminal has colours and NO_COLOR is not set. */
  tone(tone: Tone, text: string): string
}

const STYLES = { good: 'green', bad: 'red', doubtful: 'yellow', faint: 'dim', strong: 'bold' } as const

export function openOutput(stream: Stream, json: boolean, errors: Stream): Output {
  return {
    json,
    errors,
    say(line = '') {
      if (!json) stream.write(`${line}\n`)
    },
    give(document) {
      if (json) stream.write(`${JSON.stringify(document, null, 2)}\n`)
    },
    // Looks at the stream itself: a file or a pipe gets plain text.
    tone: (tone, text) => styleText(STYLES[tone], text, { stream }),
  }
}

/** Columns that line up, two spaces apart. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, cell.length)
    })
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
