import type { SignedIn } from '../usecases/open-member-session.ts'
import type { HalfSignedIn } from '../usecases/verify-mfa.ts'

/** The result of a log-in without a second factor. */
export function toSignedIn(loggedIn: SignedIn | HalfSignedIn): SignedIn {
  if ('mfaRequired' in loggedIn) throw new Error('A second factor is asked of someone who has none')
  return loggedIn
}
