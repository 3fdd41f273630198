import type { SignedIn } from '../usecases/open-member-session.ts'
import type { HalfSignedIn } from '../usecases/verify-mfa.ts'

/** For people without a second factor, whom the password lets in. */
export function toSignedIn(loggedIn: SignedIn | HalfSignedIn): SignedIn {
  if ('mfaRequired' in loggedIn) throw new Error('A second factor is asked of someone who has none')
  return loggedIn
}
