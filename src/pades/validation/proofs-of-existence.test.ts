import { expect, test } from 'vitest'
import { ProofsOfExistence } from './proofs-of-existence.ts'

const now = new Date('2035-01-01Z')
const [early, late] = [new Date('2026-01-01Z'), new Date('2030-01-01Z')]

function proofs() {
  const made = new ProofsOfExistence(now)
  made.add([0, 100, 200, 50], early)
  made.add([0, 300, 400, 50], late)
  return made
}

test.each<[string, number, number, Date]>([
  ['in the first part of both', 10, 20, early],
  ['in the second part of the first', 210, 250, early],
  ['in the hole of the first', 120, 180, late],
  ['over the edge of the hole', 90, 110, late],
  ['over the end of the first', 240, 260, late],
  ['in the hole of the second', 320, 380, now],
  ['after both', 460, 470, now],
])('what lies %s is proved by the earliest time-stamp that covers all of it', (_, start, end, expected) => {
  expect(proofs().at({ start, end })).toEqual(expected)
})

test('what lies nowhere in the file exists today, and what lies in two places since the earlier proof', () => {
  expect(proofs().at(undefined)).toEqual(now)
  expect(proofs().earliest([])).toEqual(now)
  const places = [
    { start: 460, end: 470 },
    { start: 120, end: 180 },
  ]
  expect(proofs().earliest(places)).toEqual(late)
})
