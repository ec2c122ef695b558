import type { Bytes } from '../../../std/bytes.ts'
import { sequence, TAG, tlv } from '../../der-writer.ts'
import { type PathVector, plain } from './path-vector.ts'

const CLAUSE = 'RFC 5280 6.1.3 (a)(2)'
const NOT_BEFORE = '2026-11-20T12:00:00Z'
const NOT_AFTER = '2027-11-20T12:00:00Z'

const utc = (text: string) => tlv(TAG.utcTime, Buffer.from(text))
const generalized = (text: string) => tlv(TAG.generalizedTime, Buffer.from(text))
const validity = (notBefore: Bytes, notAfter: Bytes) => ({ person: { validity: sequence(notBefore, notAfter) } })
const until = (notAfter: Bytes) => validity(utc('200101000000Z'), notAfter)

const LAST_SECOND = 'to it the end is the first second that is too late'
const short = { notBefore: NOT_BEFORE, notAfter: NOT_AFTER }

/** The validity of each certificate: its ends to the second, its forms, and the year 2050. */
export const validityVectors: readonly PathVector[] = [
  {
    name: 'the first second of the person',
    clause: CLAUSE,
    chain: plain,
    defect: { person: short },
    input: { time: NOT_BEFORE },
  },
  {
    name: 'the last second of the person',
    clause: CLAUSE,
    chain: plain,
    defect: { person: short },
    input: { time: NOT_AFTER },
    opensslDiffers: LAST_SECOND,
  },
  {
    name: 'within the last second of the person',
    clause: CLAUSE,
    chain: plain,
    defect: { person: short },
    input: { time: '2027-11-20T12:00:00.999Z' },
    opensslDiffers: LAST_SECOND,
  },
  {
    name: 'a second before the person is valid',
    clause: CLAUSE,
    reason: 'not_yet_valid',
    chain: plain,
    defect: { person: short },
    input: { time: '2026-11-20T11:59:59Z' },
  },
  {
    name: 'a millisecond before the person is valid',
    clause: CLAUSE,
    reason: 'not_yet_valid',
    chain: plain,
    defect: { person: short },
    input: { time: '2026-11-20T11:59:59.999Z' },
  },
  {
    name: 'a second after the person was valid',
    clause: CLAUSE,
    reason: 'expired',
    chain: plain,
    defect: { person: short },
    input: { time: '2027-11-20T12:00:01Z' },
  },
  {
    name: 'a second before the authority is valid',
    clause: CLAUSE,
    reason: 'not_yet_valid',
    chain: plain,
    defect: { ca: short },
    input: { time: '2026-11-20T11:59:59Z' },
  },
  {
    name: 'a second after the authority was valid',
    clause: CLAUSE,
    reason: 'expired',
    chain: plain,
    defect: { ca: short },
    input: { time: '2027-11-20T12:00:01Z' },
  },
  {
    name: 'the last second of the authority',
    clause: CLAUSE,
    chain: plain,
    defect: { ca: short },
    input: { time: NOT_AFTER },
    opensslDiffers: LAST_SECOND,
  },
  {
    name: 'a second after the anchor was valid',
    clause: CLAUSE,
    reason: 'expired',
    chain: plain,
    defect: { root: short },
    input: { time: '2027-11-20T12:00:01Z' },
  },
  {
    name: 'a second before the anchor is valid',
    clause: CLAUSE,
    reason: 'not_yet_valid',
    chain: plain,
    defect: { root: short },
    input: { time: '2026-11-20T11:59:59Z' },
  },
  {
    name: 'an end before the beginning, at a moment before both',
    clause: CLAUSE,
    reason: 'not_yet_valid',
    chain: plain,
    defect: { person: { notBefore: NOT_AFTER, notAfter: NOT_BEFORE } },
    input: { time: '2026-01-01T00:00:00Z' },
  },
  {
    name: 'an end before the beginning, at a moment between them',
    clause: CLAUSE,
    reason: 'not_yet_valid',
    chain: plain,
    defect: { person: { notBefore: NOT_AFTER, notAfter: NOT_BEFORE } },
    input: { time: '2027-01-01T00:00:00Z' },
  },
  {
    name: 'a year 50 of two digits, which is 1950',
    clause: CLAUSE,
    reason: 'expired',
    chain: plain,
    defect: until(utc('500101000000Z')),
  },
  {
    name: 'a year 49 of two digits, which is 2049',
    clause: 'RFC 5280 4.1.2.5.1',
    chain: plain,
    defect: until(utc('491231235959Z')),
  },
  {
    name: 'a beginning in 1950',
    clause: 'RFC 5280 4.1.2.5.1',
    chain: plain,
    defect: validity(utc('500101000000Z'), utc('400101000000Z')),
  },
  {
    name: 'an end in 2050',
    clause: 'RFC 5280 4.1.2.5.2',
    chain: plain,
    defect: until(generalized('20500101000000Z')),
  },
  {
    name: 'an end that is never',
    clause: 'RFC 5280 4.1.2.5',
    chain: plain,
    defect: until(generalized('99991231235959Z')),
  },
  {
    name: 'a time of four digits for a year before 2050',
    clause: 'RFC 5280 4.1.2.5',
    reason: 'unreadable',
    chain: plain,
    defect: until(generalized('20491231235959Z')),
    opensslDiffers: 'it takes either form for any year',
  },
  {
    name: 'a time without seconds',
    clause: 'RFC 5280 4.1.2.5.1',
    reason: 'unreadable',
    chain: plain,
    defect: until(utc('4001010000Z')),
  },
  {
    name: 'a time with an offset',
    clause: 'RFC 5280 4.1.2.5.1',
    reason: 'unreadable',
    chain: plain,
    defect: until(utc('400101000000+0100')),
  },
  {
    name: 'a time with a fraction of a second',
    clause: 'RFC 5280 4.1.2.5.2',
    reason: 'unreadable',
    chain: plain,
    defect: until(generalized('20500101000000.5Z')),
  },
  {
    name: 'the thirty-first of April',
    clause: 'RFC 5280 4.1',
    reason: 'unreadable',
    chain: plain,
    defect: until(utc('400431000000Z')),
  },
]
