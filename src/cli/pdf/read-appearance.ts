import { z } from 'zod'
import type { AppearanceRequest } from '../../pades/index.ts'
import type { Stroke } from '../../pdf/index.ts'
import { refuseUsage, UsageError } from '../errors.ts'
import { defined } from './defined.ts'
import { jsonOrNothing, readGiven } from './read-given.ts'

/** First bytes of PNG and JPEG files. */
const PICTURES = [0x89, 0xff]

const Strokes = z
  .array(
    z
      .array(z.strictObject({ x: z.number(), y: z.number(), pressure: z.number().min(0).max(1).exactOptional() }))
      .min(1),
  )
  .min(1)

/**
 * What a field shows: each word is a line of text, or `@` and a file with a picture or strokes. A text that starts with
 * `@` has two of them. @throws UsageError
 */
export async function readAppearance(words: readonly string[]): Promise<AppearanceRequest> {
  const files = words.filter((word) => isFile(word))
  const lines = words.filter((word) => !isFile(word)).map((word) => word.replace(/^@@/, '@'))
  if (files.length > 1) refuseUsage('--appearance takes one picture or drawing beside the lines of text.')
  const [file] = files
  return defined({
    lines: lines.length === 0 ? undefined : lines,
    ...(file === undefined ? {} : await readPicture(file.slice(1))),
  })
}

function isFile(word: string): boolean {
  return word.startsWith('@') && !word.startsWith('@@')
}

async function readPicture(path: string): Promise<Pick<AppearanceRequest, 'image' | 'strokes'>> {
  const bytes = await readGiven(path)
  return PICTURES.includes(bytes[0] ?? 0) ? { image: bytes } : { strokes: strokesIn(path, bytes.toString('utf8')) }
}

function strokesIn(path: string, text: string): readonly Stroke[] {
  const parsed = Strokes.safeParse(jsonOrNothing(text))
  if (parsed.success) return parsed.data
  const message = `${path} is no PNG, no JPEG and no JSON of strokes: [[{"x": 0, "y": 0, "pressure": 0.5}, …], …].`
  throw new UsageError('usage.unreadable_file', message)
}
