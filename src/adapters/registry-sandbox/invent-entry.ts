import type { RegistryEntry } from '../../core/index.ts'
import { sha256 } from '../../std/bytes.ts'

const GIVEN_NAMES = [
  ...['Alejandra', 'Ana', 'Andrea', 'Brenda', 'Claudia', 'Gabriela', 'Ingrid', 'Karla', 'Lucía', 'María', 'Mónica'],
  ...['Sofía', 'Álvaro', 'Byron', 'Diego', 'Edgar', 'Fernando', 'Jorge', 'José', 'Luis', 'Mario', 'Óscar', 'Pablo'],
]
const SURNAMES = [
  ...['Ajú', 'Barrios', 'Caal', 'Castañeda', 'Chávez', 'Choc', 'Coc', 'Estrada', 'García', 'González', 'Hernández'],
  ...['Ixcoy', 'Juárez', 'López', 'Mejía', 'Monzón', 'Morales', 'Núñez', 'Pop', 'Ramírez', 'Sis', 'Tzoc', 'Velásquez'],
]
const FIRST_YEAR = 1950
const YEARS = 50

/** A person made from the hash of an identifier: born 1950 to 1999, so of age whatever the clock says; one in five without a tax id. */
export function inventEntry(country: string, nationalId: string): RegistryEntry {
  const hash = sha256(country, ':', nationalId)
  const draw = (place: number, count: number) => hash.readUInt32BE(place * 4) % count
  const pick = (place: number, names: readonly string[]) => names[draw(place, names.length)] ?? ''
  const twoDigits = (value: number) => String(value).padStart(2, '0')
  // Every month has 28 days.
  const [month, day] = [twoDigits(1 + draw(4, 12)), twoDigits(1 + draw(5, 28))]
  return {
    givenName: pick(0, GIVEN_NAMES),
    surname: `${pick(1, SURNAMES)} ${pick(2, SURNAMES)}`,
    dateOfBirth: `${FIRST_YEAR + draw(3, YEARS)}-${month}-${day}`,
    taxId: draw(6, 5) === 0 ? null : asNit(1_000_000 + draw(7, 9_000_000)),
  }
}

/** A Guatemalan NIT: the check digit makes the digits, weighted 1, 2, 3, … from the right, a multiple of 11; K is ten. */
function asNit(stem: number): string {
  const sum = [...String(stem)].reverse().reduce((total, digit, place) => total + Number(digit) * (place + 2), 0)
  return `${stem}-${'0123456789K'.charAt((11 - (sum % 11)) % 11)}`
}
