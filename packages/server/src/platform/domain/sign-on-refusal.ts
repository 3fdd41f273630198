import type { ClaimsRefusal } from './judge-claims.ts'
import type { IssuerFault } from './single-sign-on.ts'

/** Why a person cannot log in through an issuer, in classes that may be shown to them. */
export type SignOnRefusal =
  | IssuerFault
  | ClaimsRefusal
  /** There is no issuer for the address. */
  | 'unknown'
  /** The callback does not belong to a flow of this browser, or the flow has expired or was used before. */
  | 'begun_elsewhere'
  /** The person or the issuer declined. */
  | 'denied'
  | 'registration_closed'
  /** The record that proves the domain is missing, so only existing members can log in through it. */
  | 'domain_missing'
  | 'too_many_orgs'
  /** The account with this address is connected with another identity at the issuer. */
  | 'address_taken'
  | 'stale_proof'
  | 'other_person'
