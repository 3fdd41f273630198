/** What can stand between a way in and the power that it gives. */
export const guards = {
  role: 'Role',
  scope: 'Scope',
  sudo: 'Fresh proof',
  secondFactor: 'Second factor',
  membershipEnded: 'Membership ended',
  roleLowered: 'Role lowered',
  orgSuspended: 'Org suspended',
  orgDeleted: 'Org deleted',
  revoked: 'Session or key revoked',
  expired: 'Expired',
  limitReached: 'Limit reached',
  limiterDown: 'Limiter down',
  auditEntry: 'Audit entry',
  secretNeverStored: 'Secret never stored',
  replay: 'Replay',
  twoAtOnce: 'Two at once',
} as const

export type Guard = keyof typeof guards

/** A test that shows the guard hold on this way, or why there is nothing to hold. */
export type Cell =
  | { readonly kind: 'shown'; readonly file: string; readonly title: string }
  | { readonly kind: 'none'; readonly because: string }

export type Way = {
  readonly title: string
  /** The operations of the API that it consists of. */
  readonly endpoints: readonly string[]
  readonly cells: Readonly<Record<Guard, Cell>>
}

export function shown(file: string, title: string): Cell {
  return { kind: 'shown', file, title }
}

export function none(because: string): Cell {
  return { kind: 'none', because }
}

export const usecase = (name: string): string => `packages/server/src/platform/usecases/${name}.db.test.ts`
export const whole = (name: string): string => `packages/server/test/${name}.net.test.ts`

const seams = usecase('seams')

/** Cells that one test shows for many ways, since one place holds the guard. */
export const common = {
  sudo: shown(whole('sudo-is-needed-where-the-contract-says'), 'and nowhere else'),
  viewer: shown(whole('viewer-cannot-write-anywhere'), 'whatever changes something refuses a viewer'),
  authLimit: shown(
    'packages/server/src/platform/platform.net.test.ts',
    'the tenth request a minute to /auth',
  ),
  nodesLimit: shown(whole('several-nodes'), 'a limit holds over both nodes together'),
  limiterDown: shown(
    whole('several-nodes'),
    'limiter-outage-refuses: with Valkey away every call is refused',
  ),
  link: shown(whole('every-decision-leaves-a-link'), 'each change through each endpoint is a new entry'),
  noTrace: shown(whole('secrets-never-reach-logs-or-dumps'), 'no secret is in the log or in a dump'),
  suspendedEverywhere: shown(
    whole('instance-administration'),
    'a suspended organisation is refused by every node',
  ),
  deletedEverywhere: shown(whole('team-life'), 'keys and sessions are dead within a second of the end'),
  rolesBite: shown(usecase('sessions'), 'role-change-bites-within-a-second'),
  removalBites: shown(usecase('sessions'), 'removal bites within a second'),
  sessionsEnd: shown(usecase('sessions'), 'a log-out is final within a second'),
  stranger: none('Whoever comes this way has no role yet: what they get is bounded by what let them in.'),
  noScope: none('A session carries no scopes; its role decides.'),
  noSession: none('No session stands before it that could be proven anew.'),
  secondFactorOfSudo: shown(usecase('sudo'), 'a password, a code and a passkey each give a token'),
  ownOrg: shown(seams, 'a session of a suspended org makes, rotates and changes no key'),
} as const
