/** Work of one kind, to be compared with work of another. */
export type Contestant = {
  readonly name: string
  /** Works for about as long as it is told. @returns how much was done per second */
  readonly round: (forMs: number) => Promise<number>
}

export type Result = { readonly name: string; readonly perSecond: number }

export type Pace = {
  /** Turns of each that do not count; one unless told. */
  readonly warmUps?: number
  readonly rounds: number
  readonly roundMs: number
}

/**
 * Lets the contestants work in turns, so that whatever else the machine does meets all of them, and takes the median
 * of each.
 */
export async function compare(
  contestants: readonly Contestant[],
  { warmUps = 1, rounds, roundMs }: Pace,
): Promise<readonly Result[]> {
  const rates = contestants.map((): number[] => [])
  for (let turn = -warmUps; turn < rounds; turn++) {
    for (const [index, { round }] of contestants.entries()) {
      const rate = await round(roundMs)
      if (turn >= 0) rates[index]?.push(rate)
    }
  }
  return contestants.map(({ name }, index) => ({ name, perSecond: median(rates[index] ?? []) }))
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** Does something one after the other until the time is over. */
export async function repeatedly(forMs: number, work: () => unknown): Promise<number> {
  const begun = performance.now()
  let done = 0
  for (let now = begun; now - begun < forMs; now = performance.now()) {
    await work()
    done++
  }
  return (done * 1000) / (performance.now() - begun)
}

/** Prints results with their ratio to the first one. */
export function printTable(title: string, unit: string, results: readonly Result[]): void {
  const base = results[0]?.perSecond ?? Number.NaN
  const width = Math.max(...results.map(({ name }) => name.length))
  console.log(`\n${title}`)
  for (const { name, perSecond } of results) {
    const rate = Math.round(perSecond).toLocaleString('en').padStart(9)
    console.log(`  ${name.padEnd(width)}  ${rate} ${unit}  ${(perSecond / base).toFixed(3).padStart(6)} ×`)
  }
}
