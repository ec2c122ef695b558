/** Whole numbers below a bound, the same ones for the same seed. */
export type Chance = (bound: number) => number

export function chanceOf(seed: number): Chance {
  let state = (seed ^ 0x9e3779b9) >>> 0
  return (bound) => {
    // xorshift32: its low bits are as good as its high ones.
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
}

/** A way to spoil bytes. What it gives may be equal to what it got. */
export type Mutation = (bytes: Buffer, chance: Chance) => Buffer

/** Tags and lengths of ASN.1 are among them. */
const INTERESTING = [0x00, 0x01, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xff, 0x30, 0x31, 0xa0] as const

const edited = (bytes: Buffer, at: number, removed: number, inserted: Uint8Array = Buffer.alloc(0)) =>
  Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + removed)])

function withByte(bytes: Buffer, at: number, value: number): Buffer {
  const out = Buffer.from(bytes)
  out[at] = value
  return out
}

/** For bytes of any kind. */
export const byteMutations = {
  'a bit flips': (bytes, chance) => {
    const at = chance(bytes.length)
    return withByte(bytes, at, (bytes[at] ?? 0) ^ (1 << chance(8)))
  },
  'a byte is another': (bytes, chance) =>
    withByte(bytes, chance(bytes.length), INTERESTING[chance(INTERESTING.length)] ?? 0),
  'bytes are missing': (bytes, chance) => edited(bytes, chance(bytes.length), 1 + chance(16)),
  'bytes come in': (bytes, chance) => edited(bytes, chance(bytes.length), 0, Buffer.alloc(1 + chance(16), chance(256))),
  'a part comes twice': (bytes, chance) => {
    const at = chance(bytes.length)
    return edited(bytes, at, 0, bytes.subarray(at, at + 1 + chance(64)))
  },
  'the end is missing': (bytes, chance) => bytes.subarray(0, chance(bytes.length)),
} as const satisfies Record<string, Mutation>

const TOKENS = [
  ...['<<', '>>', '[', ']', '(', ')', '<', '>', '/', '%', '\r', '\n', '\0', ' '],
  ...['obj', 'endobj', 'stream', 'endstream', 'xref', 'trailer', 'startxref', '%%EOF', '%PDF-1.7'],
  ...['R', 'n', 'f', 'null', 'true', '0', '1', '-1', '2147483648', '99999999999999999999', '1 0 R', '6 0 R', '65535'],
  ...['/Type', '/Kids', '/Fields', '/V', '/Prev', '/Root', '/Size', '/Length', '/XRefStm', '/W', '/Index', '/Filter'],
  ...['/Contents', '/ByteRange', '/DSS', '/Perms', '/AcroForm', '/Encrypt', '/ID', '/Extends', '/First', '/N'],
]

const WORD = /[A-Za-z0-9.+-]+|[<>[\](){}/%]+/g

function wordIn(bytes: Buffer, chance: Chance): readonly [at: number, length: number] {
  const words = [...bytes.toString('latin1').matchAll(WORD)]
  const word = words[chance(Math.max(1, words.length))]
  return word ? [word.index, word[0].length] : [0, 0]
}

const token = (chance: Chance) => Buffer.from(` ${TOKENS[chance(TOKENS.length)] ?? ''} `)

/** Puts a word over what is there, so that everything behind it stays at its offset. */
function over(bytes: Buffer, at: number, word: Buffer): Buffer {
  const out = Buffer.from(bytes)
  word.copy(out, at)
  return out
}

/** For files of the PDF grammar: words of it in another place. */
export const pdfMutations = {
  'another word': (bytes, chance) => {
    const [at, length] = wordIn(bytes, chance)
    return edited(bytes, at, length, token(chance))
  },
  'one more word': (bytes, chance) => edited(bytes, wordIn(bytes, chance)[0], 0, token(chance)),
  'one word less': (bytes, chance) => edited(bytes, ...wordIn(bytes, chance)),
  'a word over another': (bytes, chance) => over(bytes, wordIn(bytes, chance)[0], token(chance)),
  'a word over white space': (bytes, chance) => {
    const [at, length] = wordIn(bytes, chance)
    return over(bytes, at, Buffer.alloc(length, ' '))
  },
  'a word over one of its own length': (bytes, chance) => {
    const [[at, length], [other]] = [wordIn(bytes, chance), wordIn(bytes, chance)]
    return over(bytes, at, Buffer.from(bytes.subarray(other, other + length)))
  },
  'another digit': (bytes, chance) => {
    const digits = [...bytes.toString('latin1').matchAll(/\d/g)]
    const at = digits[chance(Math.max(1, digits.length))]?.index ?? 0
    return over(bytes, at, Buffer.from(String(chance(10))))
  },
  'another number': (bytes, chance) => {
    const numbers = [...bytes.toString('latin1').matchAll(/\d+/g)]
    const number = numbers[chance(Math.max(1, numbers.length))]
    const other = [0, 1, 2, 4, 6, 11, 255, 2 ** 31, 2 ** 53, bytes.length][chance(10)] ?? 0
    return number ? edited(bytes, number.index, number[0].length, Buffer.from(String(other))) : bytes
  },
} as const satisfies Record<string, Mutation>

/** Those that leave every byte behind them where it was: files that can still be read. */
export const stayingMutations: readonly Mutation[] = [
  byteMutations['a bit flips'],
  byteMutations['a byte is another'],
  pdfMutations['a word over another'],
  pdfMutations['a word over white space'],
  pdfMutations['a word over one of its own length'],
  pdfMutations['another digit'],
]

/** Spoils bytes in one to three ways. */
export function spoiled(bytes: Buffer, mutations: readonly Mutation[], chance: Chance): Buffer {
  let out = bytes
  for (let left = 1 + chance(3); left > 0; left--) out = mutations[chance(mutations.length)]?.(out, chance) ?? out
  return out
}
