import type { RegistryEntry } from '../../core/index.ts'

/** What a sandbox answers for a documented Guatemalan DPI: a person, nobody, or an outage. */
export type KnownEntry = {
  readonly nationalId: string
  readonly about: string
  readonly answer: RegistryEntry | 'unknown' | 'down'
}

const person = (givenName: string, surname: string, dateOfBirth: string, taxId: string | null): RegistryEntry => {
  return { givenName, surname, dateOfBirth, taxId }
}

/** Every number is well formed: its check digit, department and municipality are good. */
export const knownEntries: readonly KnownEntry[] = [
  {
    nationalId: '1234567890101',
    // As the sample is published; the check digit of this NIT would be 9.
    about: 'the sample of the API documentation, word for word',
    answer: person('Juan José', 'Pérez López', '1990-05-15', '1234567-8'),
  },
  {
    nationalId: '2532564960101',
    about: 'a NIT whose check digit is K',
    answer: person('Carlos', 'Quetzal Xol', '1988-11-02', '576937-K'),
  },
  {
    nationalId: '2000000120101',
    about: 'a surname with a particle',
    answer: person('María José', 'de León Ixchop', '1979-02-28', '2345678-7'),
  },
  {
    nationalId: '2000000200101',
    about: 'no NIT, and letters beyond ASCII',
    answer: person('Ana Lucía', 'Muñoz Argüello', '1996-12-31', null),
  },
  {
    nationalId: '2000000390101',
    about: 'one surname only, born on a leap day',
    answer: person('Guadalupe', 'Ixcoy', '2000-02-29', '3456789-5'),
  },
  {
    nationalId: '2000000470101',
    about: 'a name that is hard to fit on a page',
    answer: person('María de los Ángeles Guadalupe', 'Fernández de Córdova y Villavicencio', '1951-07-09', '7654321-8'),
  },
  { nationalId: '4040404030101', about: 'the registry does not know it', answer: 'unknown' },
  { nationalId: '5030303090101', about: 'the registry is down', answer: 'down' },
]
