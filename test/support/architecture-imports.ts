import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One import line: the file that has it, relative to the repository with forward slashes, and what it names. */
export type Import = { readonly file: string; readonly specifier: string }

/** A text file of the repository. */
export type SourceFile = { readonly file: string; readonly text: string }

/** Stands for an `import()` whose argument is not a plain string: no rule can judge it. */
export const COMPUTED = '(computed)'

// The formatter leaves exactly one line per import that bears the specifier, however many lines the names take.
const STATIC = /^(?:import|export|\})[^'"\n]*\bfrom ['"]([^'"\n]+)['"]/gm
const SIDE_EFFECT = /^import ['"]([^'"\n]+)['"]/gm
const DYNAMIC = /\bimport\(\s*(?:['"]([^'"\n]+)['"])?/g
const COMMENTS = /^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*)|[ \t]\/\/ .*$/gm

/** The text without its comments, as the formatter leaves them: on their own lines, or after a blank at the end of one. */
export function withoutComments(text: string): string {
  return text.replace(COMMENTS, '')
}

/** All imports of a file: static, `export … from`, for side effects, and `import()` in code or in a type. */
export function importsOf({ file, text }: SourceFile): Import[] {
  const code = withoutComments(text)
  return [STATIC, SIDE_EFFECT, DYNAMIC]
    .flatMap((pattern) => [...code.matchAll(pattern)])
    .map((match) => ({ file, specifier: match[1] ?? COMPUTED }))
}

/** Every TypeScript file below `folder`, read as text. */
export function readSources(root: string, folder: string): SourceFile[] {
  return listTree(root, folder)
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))
}

/** The paths of all files below `folder`, relative to `root`; none when the folder does not exist. */
export function listTree(root: string, folder: string): string[] {
  const files: string[] = []
  for (const entry of entriesOf(join(root, folder))) {
    const path = `${folder}/${entry.name}`
    if (!entry.isDirectory()) files.push(path)
    else if (entry.name !== 'node_modules' && entry.name !== 'dist') files.push(...listTree(root, path))
  }
  return files
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true })
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return []
    throw cause
  }
}
