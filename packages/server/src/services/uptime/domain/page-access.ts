export type PageAccess = 'public' | 'password' | 'members'

/** What a browser stores after it proved that it may see a page. */
export type PagePass =
  | {
      readonly kind: 'password'
      /** Digest of the password that was used: changing the password invalidates the pass. */
      readonly passwordDigest: string
      readonly untilMs: number
    }
  | { readonly kind: 'member'; readonly untilMs: number }
  /** What a program shows instead, of what it may read: the key of the feeds. */
  | { readonly kind: 'feed_key'; readonly digest: string }

/** `locked`: the page exists and needs a password. `missing`: its existence is not disclosed. */
export type Visibility = 'shown' | 'locked' | 'missing'

/** The one rule for who may see a page and everything derived from it (7.2). */
export function judgeVisibility(
  page:
    | {
        readonly access: PageAccess
        readonly passwordDigest: string | null
        readonly feedKeyDigest: string | null
      }
    | undefined,
  pass: PagePass | undefined,
  nowMs: number,
): Visibility {
  if (page === undefined) return 'missing'
  switch (page.access) {
    case 'public':
      return 'shown'
    case 'members': {
      const isMember = pass?.kind === 'member' && pass.untilMs > nowMs
      return isMember ? 'shown' : 'missing'
    }
    case 'password': {
      if (pass?.kind === 'feed_key') return pass.digest === page.feedKeyDigest ? 'shown' : 'locked'
      const isValid =
        pass?.kind === 'password' && pass.untilMs > nowMs && pass.passwordDigest === page.passwordDigest
      return isValid ? 'shown' : 'locked'
    }
  }
}
