import pg from 'pg'

/** Object ids of PostgreSQL's built-in types (pg_type). */
const INT8 = 20
const DATE = 1082
const TIMESTAMP = 1114

const asText = (text: string): string => text

function asSafeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('a bigint of the database exceeds 2^53')
  return value
}

/**
 * How values of the database arrive. `timestamptz` is a Date, `bigint` a number (refused beyond 2^53).
 * A `date` stays text: a JavaScript Date would move it by the machine's time zone. `timestamp` without a zone
 * names no moment and stays text for the same reason.
 */
export const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    if (format !== 'binary') {
      if (oid === INT8) return asSafeInteger
      if (oid === DATE || oid === TIMESTAMP) return asText
    }
    return pg.types.getTypeParser(oid, format as 'text')
  },
}
