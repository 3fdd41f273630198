/** An e-mail subscription that is known, confirmed or not. */
export type KnownSubscription = {
  /** Null: not confirmed. */
  readonly confirmedAtMs: number | null
  readonly expiresAtMs: number | null
  readonly mailsSent: number
  readonly tokenDigest: string
}

/** `invite`: a mail asks the address, the nth one. `quiet`: nothing is sent. */
export type AskVerdict = { readonly kind: 'invite'; readonly mailsSent: number } | { readonly kind: 'quiet' }

/**
 * Decides what a request for mails leads to. Who asks is not known, so an address that has agreed hears nothing, and one
 * that has not is asked a few times only. A mail that is sent again carries the same token.
 */
export function judgeAsk(
  known: KnownSubscription | undefined,
  tokenDigest: string,
  nowMs: number,
  mailsMax: number,
): AskVerdict {
  if (known === undefined) return { kind: 'invite', mailsSent: 1 }
  if (known.confirmedAtMs !== null) return { kind: 'quiet' }
  if (known.tokenDigest === tokenDigest) return { kind: 'invite', mailsSent: known.mailsSent }
  if ((known.expiresAtMs ?? 0) <= nowMs) return { kind: 'invite', mailsSent: 1 }
  return known.mailsSent < mailsMax ? { kind: 'invite', mailsSent: known.mailsSent + 1 } : { kind: 'quiet' }
}

export type RoomVerdict = 'room' | 'full'

/** Whether a page takes another subscriber: by the plan, and by how many have asked and not answered. */
export function judgeRoom(
  present: { readonly confirmed: number; readonly pending: number },
  confirmedMax: number | null,
  pendingMax: number,
): RoomVerdict {
  if (confirmedMax !== null && present.confirmed >= confirmedMax) return 'full'
  return present.pending >= pendingMax ? 'full' : 'room'
}
