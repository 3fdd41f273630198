export type PageAccess = 'public' | 'password' | 'members'

/** What a browser was given when it proved that it may see a page. */
export type PagePass =
  | {
      readonly kind: 'password'
      /** Of the password that was right then: another password voids the pass. */
      readonly passwordDigest: string
      readonly untilMs: number
    }
  | { readonly kind: 'member'; readonly untilMs: number }

/** Locked: there is a page, and a password opens it. Missing: nobody is told that there is one. */
export type Visibility = 'shown' | 'locked' | 'missing'

/** The one rule for who sees a page and all that is made of it (7.2). */
export function judgeVisibility(
  page: { readonly access: PageAccess; readonly passwordDigest: string | null } | undefined,
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
      const isValid =
        pass?.kind === 'password' && pass.untilMs > nowMs && pass.passwordDigest === page.passwordDigest
      return isValid ? 'shown' : 'locked'
    }
  }
}
