import type { ClaimsRefusal } from './judge-claims.ts'
import type { IssuerFault } from './single-sign-on.ts'

/** Why somebody does not come in through an issuer, in classes that they can be told of. */
export type SignOnRefusal =
  | IssuerFault
  | ClaimsRefusal
  /** No issuer is known for the address. */
  | 'unknown'
  /** The way back has no beginning here: another browser, another time, or once too often. */
  | 'begun_elsewhere'
  /** The person, or the issuer, said no. */
  | 'denied'
  | 'registration_closed'
  /** The record that proves the domain is gone, and only members come in by it. */
  | 'domain_missing'
  | 'too_many_orgs'
  /** The address's account is connected with somebody else at the issuer. */
  | 'address_taken'
  | 'stale_proof'
  | 'other_person'
