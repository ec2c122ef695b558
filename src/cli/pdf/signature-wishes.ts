import type { FieldLock, FieldRequest, PrepareRequest, Rectangle } from '../../pades/index.ts'
import type { Option } from '../command.ts'
import { refuseUsage } from '../errors.ts'
import { oneOf, wholeNumber } from '../read-arguments.ts'
import { defined } from './defined.ts'
import { readAppearance } from './read-appearance.ts'

/** What a signature says and where it stands. */
export const wishOptions = {
  field: { type: 'string', value: 'NAME', about: 'The empty signature field to sign in.' },
  'new-field': { type: 'string', value: 'NAME', about: 'The name of a new field; a free one if not given.' },
  page: { type: 'string', value: 'N', about: 'The page of a new field, counted from 1.' },
  rect: { type: 'string', value: 'L,B,R,T', about: 'Edges of a new, visible field in points from below left.' },
  appearance: {
    type: 'string',
    value: 'TEXT|@FILE',
    multiple: true,
    about: 'A line that the field shows, or a picture (PNG, JPEG), or strokes as JSON.',
  },
  reason: { type: 'string', value: 'TEXT', about: 'Why it is signed.' },
  location: { type: 'string', value: 'TEXT', about: 'Where it is signed.' },
  name: { type: 'string', value: 'TEXT', about: 'Who signs, as text beside the certificate.' },
  certify: { type: 'string', value: '1|2|3', about: 'Allow afterwards nothing, forms, or forms and annotations.' },
  lock: {
    type: 'string',
    value: 'all|include:NAME|exclude:NAME',
    multiple: true,
    about: 'Fields that nobody may change from now on.',
  },
} as const satisfies Record<string, Option>

export type WishChoice = {
  readonly [Name in Exclude<keyof typeof wishOptions, 'appearance' | 'lock'>]: string | undefined
} & { readonly appearance: readonly string[]; readonly lock: readonly string[] }

export type Wishes = Pick<PrepareRequest, 'field' | 'appearance' | 'reason' | 'location' | 'name' | 'certify' | 'lock'>

/** What the command line wishes of the signature. @throws UsageError */
export async function readWishes(choice: WishChoice): Promise<Wishes> {
  const { reason, location, name, appearance } = choice
  if (choice.rect !== undefined && appearance.length === 0)
    refuseUsage('--rect is for a field that shows something: add --appearance.')
  if (appearance.length > 0 && choice.rect === undefined && choice.field === undefined)
    refuseUsage('--appearance needs a place: --rect, or the name of a visible --field.')
  return defined({
    field: fieldOf(choice),
    appearance: appearance.length === 0 ? undefined : await readAppearance(appearance),
    reason,
    location,
    name,
    certify: certificationOf(choice.certify),
    lock: lockOf(choice.lock),
  })
}

function fieldOf({ field, 'new-field': name, page, rect }: WishChoice): FieldRequest {
  if (field === undefined) {
    return defined({
      name,
      page: page === undefined ? undefined : wholeNumber('page', page, { min: 1, max: 1_000_000 }) - 1,
      rectangle: rect === undefined ? undefined : rectangleOf(rect),
    })
  }
  if (name !== undefined || page !== undefined || rect !== undefined)
    refuseUsage('--field names a field that is there: --new-field, --page and --rect are for a new one.')
  return { existing: field }
}

function rectangleOf(text: string): Rectangle {
  const numbers = text
    .split(',')
    .map((part) => (/^\s*-?\d{1,6}(?:\.\d{1,6})?\s*$/.test(part) ? Number(part) : Number.NaN))
  const [left, bottom, right, top] = numbers
  const isWhole = numbers.length === 4 && !numbers.some(Number.isNaN)
  if (!isWhole || left === undefined || bottom === undefined || right === undefined || top === undefined)
    return refuseUsage('--rect has four numbers with commas between them: left, bottom, right, top.')
  return [left, bottom, right, top]
}

const CERTIFICATIONS = { 1: 1, 2: 2, 3: 3 } as const

function certificationOf(text: string | undefined) {
  return text === undefined ? undefined : CERTIFICATIONS[oneOf('certify', text, ['1', '2', '3'])]
}

const ACTIONS = { include: 'Include', exclude: 'Exclude' } as const

/** One name each time the option is given: names may have any character in them. */
function lockOf(wishes: readonly string[]): FieldLock | undefined {
  if (wishes.length === 0) return undefined
  if (wishes.length === 1 && wishes[0] === 'all') return { action: 'All', fields: [] }
  const parts = wishes.map((wish) => /^(include|exclude):(.+)$/s.exec(wish) ?? [])
  const [[, first] = []] = parts
  if ((first !== 'include' && first !== 'exclude') || parts.some(([, action]) => action !== first))
    return refuseUsage('--lock is all, or include:NAME each time, or exclude:NAME each time.')
  return { action: ACTIONS[first], fields: parts.flatMap(([, , name]) => name ?? []) }
}
