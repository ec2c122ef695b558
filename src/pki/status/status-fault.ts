import type { StatusKind } from './status-finding.ts'

type Clause = string | Readonly<Record<StatusKind, string>>

/** Every way in which an answer about a certificate is of no use: the rule that is broken, and what is wrong. */
export const statusFaults = {
  malformed: [{ ocsp: 'RFC 6960 4.2.1', crl: 'RFC 5280 5.1' }, 'the answer cannot be read'],
  try_later: ['RFC 6960 2.3', 'the responder asks to come back later'],
  refused_by_responder: ['RFC 6960 2.3', 'the responder does not answer'],
  other_certificate: ['RFC 6960 3.2 (1)', 'the answer is about another certificate'],
  answered_twice: ['RFC 6960 4.2.1', 'the answer speaks twice of the certificate'],
  unknown_certificate: ['RFC 6960 2.2', 'the responder does not know the certificate'],
  responder_not_found: ['RFC 6960 4.2.2.3', 'the certificate of the responder is missing'],
  responder_not_authorized: ['RFC 6960 4.2.2.2', 'the issuer did not authorise the responder'],
  responder_not_valid: ['RFC 6960 4.2.2.2', 'the certificate of the responder was not valid when it signed'],
  other_issuer: [{ ocsp: 'RFC 6960 4.1.1', crl: 'RFC 5280 6.3.3 (b)(1)' }, 'it comes from another issuer'],
  key_usage: [{ ocsp: 'RFC 5280 4.2.1.3', crl: 'RFC 5280 6.3.3 (f)' }, 'the key of the signer is not for this'],
  weak_algorithm: [
    { ocsp: 'RFC 6960 4.3', crl: 'RFC 5280 5.1.1.2' },
    'the signature algorithm or the key is unknown or too weak',
  ],
  bad_signature: [{ ocsp: 'RFC 6960 3.2 (2)', crl: 'RFC 5280 6.3.3 (g)' }, 'the signature is not that of the signer'],
  unknown_critical_extension: [
    { ocsp: 'RFC 6960 4.4', crl: 'RFC 5280 5.2' },
    'there is a critical extension that is not known here',
  ],
  unknown_critical_entry_extension: ['RFC 5280 5.3', 'an entry has a critical extension that is not known here'],
  times: [{ ocsp: 'RFC 6960 4.2.2.1', crl: 'RFC 5280 5.1.2' }, 'its times contradict each other'],
  nonce: ['RFC 9654 2.1', 'the nonce is another one'],
  no_next_update: ['RFC 5280 5.1.2.5', 'the list does not say when the next one comes'],
  delta_list: ['RFC 5280 5.2.4', 'a delta list says nothing without its base'],
  indirect_list: ['RFC 5280 5.2.5', 'a list of several issuers is not used here'],
  other_scope: ['RFC 5280 6.3.3 (b)(2)', 'the list is not about certificates of this kind'],
  other_distribution_point: ['RFC 5280 6.3.3 (b)(2)(i)', 'the list belongs to another distribution point'],
  some_reasons_only: ['RFC 5280 6.3.3 (d)', 'the list covers only some reasons of revocation'],
  removed_entry: ['RFC 5280 5.3.1', 'a complete list takes an entry back'],
  expired_before: [
    { ocsp: 'RFC 6960 4.4.4', crl: 'RFC 5280 3.3' },
    'the certificate had expired, and expired ones are no longer answered for',
  ],
  from_future: [{ ocsp: 'RFC 6960 3.2 (5)', crl: 'RFC 5280 6.3.3' }, 'it says that it was issued in the future'],
  stale: [{ ocsp: 'RFC 6960 3.2 (6)', crl: 'RFC 5280 6.3.3' }, 'it is too old'],
} as const satisfies Readonly<Record<string, readonly [Clause, string]>>

export type StatusFault = keyof typeof statusFaults
