export type ProofPurpose =
  | 'verify_email'
  | 'reset_password'
  /** A link that an owner, an administrator or the operator passes on themselves. */
  | 'handed_reset'
  | 'change_email'
  | 'undo_email'
  | 'delete_account'

/** A single-use proof that was mailed to a person; valid until it expires. */
export type MailedProof = {
  readonly id: string
  readonly userId: string
  readonly purpose: ProofPurpose
  /** The recipient: the new address for a change, the old one for undoing it. */
  readonly email: string
  readonly expiresAtMs: number
  readonly createdAtMs: number
}
