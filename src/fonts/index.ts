export type { FaceFacts } from './face.ts'
export { FontError, type FontErrorCode } from './font-error.ts'
export type { GlyphRun, ShapedGlyph } from './shape.ts'
export { type Direction, type Paragraph, type Typesetter, typesetter } from './typesetter.ts'
