import type { Certificate } from '../certificate.ts'
import type { NameConstraints } from '../extensions/name-constraints.ts'
import { readSubjectAlternativeName } from '../extensions/subject-alternative-name.ts'
import type { GeneralName } from '../general-name.ts'
import { valuesOf } from '../name.ts'
import { OID } from '../oids.ts'
import { isSupportedForm, isWithin } from './general-name-match.ts'
import { broken, type InvalidPath } from './path-result.ts'
import { extensionOf } from './read-extension.ts'

/** permitted_subtrees and excluded_subtrees (RFC 5280 6.1.2 (b), (c)). */
export type NameSpace = {
  /** One group for each certificate that permits: a name must lie in every group that speaks of its form. */
  readonly permitted: readonly (readonly GeneralName[])[]
  readonly excluded: readonly GeneralName[]
}

/** 6.1.4 (g): the intersection of what is permitted, and the union of what is excluded. */
export function narrowed(space: NameSpace, { permitted = [], excluded = [] }: NameConstraints): NameSpace {
  return {
    permitted: permitted.length > 0 ? [...space.permitted, permitted] : space.permitted,
    excluded: [...space.excluded, ...excluded],
  }
}

/** Many names against many constraints are a way to keep a validator busy. */
const MAX_COMPARISONS = 1 << 16

/** 6.1.3 (b) and (c) for the subject and every alternative name. */
export function checkNames(space: NameSpace, certificate: Certificate): InvalidPath | undefined {
  const bases = space.permitted.reduce((count, group) => count + group.length, space.excluded.length)
  if (bases === 0) return undefined
  const names = namesOf(certificate)
  if (names.length * bases > MAX_COMPARISONS) return broken('too_much_work', 'RFC 5280 4.2.1.10', certificate)
  for (const name of names) {
    const failure = checkName(space, name, certificate)
    if (failure) return failure
  }
  return undefined
}

function checkName({ permitted, excluded }: NameSpace, name: GeneralName, at: Certificate): InvalidPath | undefined {
  const ofForm = (group: readonly GeneralName[]) => group.filter(({ form }) => form === name.form)
  const groups = permitted.map(ofForm).filter((group) => group.length > 0)
  const forbidden = ofForm(excluded)
  if (!isSupportedForm(name.form) && groups.length + forbidden.length > 0)
    return broken('unsupported_name_constraint', 'RFC 5280 4.2.1.10', at)
  if (!groups.every((group) => group.some((base) => isWithin(name, base, false))))
    return broken('name_not_permitted', 'RFC 5280 6.1.3 (b)', at)
  if (forbidden.some((base) => isWithin(name, base, true))) return broken('name_excluded', 'RFC 5280 6.1.3 (c)', at)
  return undefined
}

/** An empty subject is no name; addresses in the subject count as such (4.2.1.10). */
function namesOf(certificate: Certificate): GeneralName[] {
  const { subject } = certificate
  const addresses = valuesOf(subject, OID.emailAddress).map((value) => ({ form: 'rfc822Name', value }) as const)
  return [
    ...(subject.relativeNames.length > 0 ? [{ form: 'directoryName', value: subject } as const] : []),
    ...addresses,
    ...(extensionOf(certificate, OID.subjectAltName, readSubjectAlternativeName) ?? []),
  ]
}
