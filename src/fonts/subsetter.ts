import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Bytes } from '../std/bytes.ts'
import type { Face } from './face.ts'

/** What is used of WebAssembly; the libraries that the compiler is given leave it to the browser. */
declare const WebAssembly: {
  readonly Module: new (bytes: Bytes) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/** The functions of hb-subset that are used here; pointers are numbers. */
type HbSubset = {
  readonly memory: { readonly buffer: ArrayBuffer }
  _initialize(): void
  malloc(bytes: number): number
  hb_blob_create(data: number, length: number, mode: number, userData: number, destroy: number): number
  hb_blob_destroy(blob: number): void
  hb_blob_get_length(blob: number): number
  hb_blob_get_data(blob: number, length: number): number
  hb_face_create(blob: number, index: number): number
  hb_face_destroy(face: number): void
  hb_face_reference_blob(face: number): number
  hb_set_add(set: number, value: number): void
  hb_subset_input_create_or_fail(): number
  hb_subset_input_destroy(input: number): void
  hb_subset_input_glyph_set(input: number): number
  hb_subset_input_set(input: number, kind: number): number
  hb_subset_input_set_flags(input: number, flags: number): void
  hb_subset_or_fail(face: number, input: number): number
}

const READ_ONLY = 1
const DROP_TABLES = 3
const NO_HINTING = 0x1
const RETAIN_GLYPH_NUMBERS = 0x2
const NO_LAYOUT_CLOSURE = 0x200
/** Tables that a viewer does not look at in an embedded composite font. */
const UNUSED_TABLES = 'GSUB GPOS GDEF BASE STAT DSIG name OS/2 post cmap gasp vhea vmtx VORG meta'.split(' ')

/** Cuts faces down to some of their glyphs. Keeps the faces that it has seen in its memory. */
export class Subsetter {
  readonly #hb: HbSubset
  readonly #faces = new Map<string, number>()

  constructor() {
    const path = createRequire(import.meta.url).resolve('harfbuzzjs/dist/harfbuzz-subset.wasm')
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readFileSync(path)))
    this.#hb = exports as HbSubset
    this.#hb._initialize()
  }

  /**
   * The program of a font that has these glyphs alone, under the numbers that they have in the face: a TrueType file
   * whose other glyphs are empty, or a CFF table that names its glyphs by number.
   */
  subset(face: Face, glyphs: Iterable<number>): Bytes {
    const hb = this.#hb
    const input = hb.hb_subset_input_create_or_fail()
    const wanted = hb.hb_subset_input_glyph_set(input)
    for (const glyph of glyphs) hb.hb_set_add(wanted, glyph)
    const dropped = hb.hb_subset_input_set(input, DROP_TABLES)
    for (const table of UNUSED_TABLES) hb.hb_set_add(dropped, tag(table))
    const numbering = face.facts.program === 'truetype' ? RETAIN_GLYPH_NUMBERS : 0
    hb.hb_subset_input_set_flags(input, NO_HINTING | NO_LAYOUT_CLOSURE | numbering)
    const subset = hb.hb_subset_or_fail(this.#load(face), input)
    hb.hb_subset_input_destroy(input)
    if (subset === 0) throw new Error('a face of the product cannot be cut down')
    const file = this.#fileOf(subset)
    return face.facts.program === 'truetype' ? file : tableIn(file, 'CFF ')
  }

  #load(face: Face): number {
    const known = this.#faces.get(face.name)
    if (known !== undefined) return known
    const hb = this.#hb
    const data = hb.malloc(face.file.length)
    new Uint8Array(hb.memory.buffer).set(face.file, data)
    const blob = hb.hb_blob_create(data, face.file.length, READ_ONLY, 0, 0)
    const loaded = hb.hb_face_create(blob, 0)
    this.#faces.set(face.name, loaded)
    return loaded
  }

  #fileOf(face: number): Buffer {
    const hb = this.#hb
    const blob = hb.hb_face_reference_blob(face)
    const start = hb.hb_blob_get_data(blob, 0)
    const file = Buffer.from(new Uint8Array(hb.memory.buffer).slice(start, start + hb.hb_blob_get_length(blob)))
    hb.hb_blob_destroy(blob)
    hb.hb_face_destroy(face)
    return file
  }
}

function tag(table: string): number {
  return Buffer.from(table.padEnd(4), 'latin1').readUInt32BE(0)
}

const DIRECTORY = 12
const DIRECTORY_ENTRY = 16

/** A table of a font file (OpenType 1.9, table directory). */
function tableIn(file: Buffer, table: string): Bytes {
  for (let at = DIRECTORY; at + DIRECTORY_ENTRY <= file.length; at += DIRECTORY_ENTRY) {
    if (file.readUInt32BE(at) !== tag(table)) continue
    const start = file.readUInt32BE(at + 8)
    return file.subarray(start, start + file.readUInt32BE(at + 12))
  }
  throw new Error(`a face of the product has no table ${table}`)
}
