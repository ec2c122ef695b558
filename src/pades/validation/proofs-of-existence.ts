import type { ByteRange } from '../prepared.ts'

/** Bytes of the file, from `start` up to and without `end`. */
export type Place = { readonly start: number; readonly end: number }

/**
 * What is proved to have existed, and when (EN 319 102-1 5.6.2.3). A document time-stamp proves every byte that it
 * covers, and so whatever is written there; all else is proved to exist at the moment of validation and no earlier.
 */
export class ProofsOfExistence {
  readonly #now: Date
  readonly #covers: { readonly range: ByteRange; readonly time: Date }[] = []

  constructor(now: Date) {
    this.#now = now
  }

  /** A valid time-stamp over these bytes. */
  add(range: ByteRange, time: Date): void {
    this.#covers.push({ range, time })
  }

  /** The same for something that lies in several places. */
  earliest(places: readonly Place[]): Date {
    return new Date(Math.min(this.#now.getTime(), ...places.map((place) => this.at(place).getTime())))
  }

  /** The earliest moment at which what lies there is proved to have existed; nothing lies there without a place. */
  at(place: Place | undefined): Date {
    let earliest = this.#now
    for (const { range, time } of this.#covers) if (place && covers(range, place) && time < earliest) earliest = time
    return earliest
  }
}

/** True when all of the place lies in one of the two parts: what lies in the gap is not covered. */
export function covers([, length, secondStart, secondLength]: ByteRange, { start, end }: Place): boolean {
  return end <= length || (start >= secondStart && end <= secondStart + secondLength)
}
