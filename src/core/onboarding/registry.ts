/** What a national registry knows under an identifier. */
export type RegistryEntry = {
  readonly givenName: string
  readonly surname: string
  /** ISO 8601 date. */
  readonly dateOfBirth: string
  /** The tax identifier as people write it, or null when there is none. */
  readonly taxId: string | null
}

/** A source of what a government knows of a person. Its answers are outside input: the adapter checks their form. */
export type Registry = {
  /**
   * Looks an identifier up. Undefined when the registry does not know it.
   * @throws DomainError platform.unavailable when the registry does not answer in time
   */
  lookUp(query: { readonly country: string; readonly nationalId: string }): Promise<RegistryEntry | undefined>
}
