export type ProofPurpose =
  | 'verify_email'
  | 'reset_password'
  /** A link that an owner, an administrator or the operator hands over themselves. */
  | 'handed_reset'
  | 'change_email'
  | 'undo_email'
  | 'delete_account'

/** What a person was sent by mail to prove themselves with: once, until it expires. */
export type MailedProof = {
  readonly id: string
  readonly userId: string
  readonly purpose: ProofPurpose
  /** Where the mail goes: for a change the new address, for taking it back the old one. */
  readonly email: string
  readonly expiresAtMs: number
  readonly createdAtMs: number
}
