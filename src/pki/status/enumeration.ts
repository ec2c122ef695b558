import type { Bytes } from '../../std/bytes.ts'
import { type Der, expectTag } from '../der-reader.ts'
import { TAG, tlv } from '../der-writer.ts'
import { refuse } from '../pki-error.ts'

/** How an ENUMERATED is written and read. */
export type Enumeration<Name extends string> = {
  encode(name: Name): Bytes
  /** Throws `pki.der`, or `pki.status` for a number that stands for nothing. */
  read(node: Der): Name
}

/** An ENUMERATED by the names of its numbers, each of one byte. `what` and `clause` tell of it in errors. */
export function enumeration<Name extends string>(
  numbers: Readonly<Record<Name, number>>,
  { what, clause }: { readonly what: string; readonly clause: string },
): Enumeration<Name> {
  const names = new Map(Object.entries<number>(numbers).map(([name, number]) => [number, name as Name]))
  return {
    encode: (name) => tlv(TAG.enumerated, Buffer.of(numbers[name])),
    read(node) {
      const [number = 255, ...more] = expectTag(node, TAG.enumerated, what).content
      const name = more.length === 0 ? names.get(number) : undefined
      return name ?? refuse('pki.status', `there is no such ${what}`, { clause })
    },
  }
}
