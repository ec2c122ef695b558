/** An invented person and their document. Countries are ISO 3166-1 alpha-3, or `UTO` of ICAO Doc 9303's own specimens. */
export type Specimen = {
  readonly firstName: string
  readonly lastName: string
  /** ISO 8601 date. */
  readonly birthDate: string
  readonly birthPlace: string
  readonly personalNumber: string
  readonly country: string
  readonly documentType: 'Passport' | 'IdentityCard'
}

/** The specimen passport of ICAO Doc 9303 part 4. */
export const eriksson: Specimen = {
  firstName: 'Anna Maria',
  lastName: 'Eriksson',
  birthDate: '1974-08-12',
  birthPlace: 'Zenith',
  personalNumber: 'ZE184226B',
  country: 'UTO',
  documentType: 'Passport',
}

export const jane: Specimen = {
  firstName: 'Jane',
  lastName: 'Smith',
  birthDate: '1990-01-01',
  birthPlace: 'Oslo',
  personalNumber: '01019010046',
  country: 'NOR',
  documentType: 'Passport',
}

/** The person whom the sandbox registry knows under this number. */
export const carlos: Specimen = {
  firstName: 'Carlos',
  lastName: 'Quetzal Xol',
  birthDate: '1988-11-02',
  birthPlace: 'Guatemala',
  personalNumber: '2532564960101',
  country: 'GTM',
  documentType: 'IdentityCard',
}

export const lupita: Specimen = {
  firstName: 'Guadalupe',
  lastName: 'Núñez Ortega',
  birthDate: '1990-03-14',
  birthPlace: 'Ciudad de México',
  personalNumber: 'NUOG900314MDFXRD06',
  country: 'MEX',
  documentType: 'IdentityCard',
}
