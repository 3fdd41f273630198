import { z } from 'zod'
import type { Clock } from '@gatehouse/kernel/clock'
import { ask } from './probes/ask.ts'
import type { ProbeOrg, Target } from './target.ts'

/** A test org supplied by whoever runs the probes: its keys by service, and its owner's password. */
export type LentOrg = {
  readonly keys: Readonly<Record<string, string>>
  readonly owner: { readonly email: string; readonly password: string } | null
}

export type LentOrgs = {
  /** The orgs, with log-ins that stay valid for longer than a probe may take. */
  readonly take: (target: Target) => Promise<readonly ProbeOrg[]>
  /** Ends the sessions of the log-ins. */
  readonly logOut: (target: Target) => Promise<void>
}

const signedIn = z.object({ accessToken: z.string(), user: z.object({ id: z.string(), teamId: z.string() }) })
const proven = z.object({ sudoToken: z.string() })
const untilSecondFactor = z.object({ mfaRequired: z.literal(true) })

/** A third of the lifetime of an access token and of a sudo proof: no probe takes as long as the rest. */
const renewAfterMs = 300_000

/** Logs the owners in when a run begins, and again before their log-ins become too old for the next probe. */
export function createLentOrgs(lent: readonly LentOrg[], clock: Pick<Clock, 'monotonic'>): LentOrgs {
  let orgs: readonly ProbeOrg[] | undefined
  let takenMs = 0
  const logOut = async (target: Target): Promise<void> => {
    for (const { owner } of orgs ?? [])
      if (owner !== null) await target.send('/auth/logout', { method: 'POST', credential: owner.accessToken })
    orgs = undefined
  }
  return {
    take: async (target) => {
      if (orgs !== undefined && clock.monotonic() - takenMs < renewAfterMs) return orgs
      await logOut(target)
      const opened: ProbeOrg[] = []
      for (const [index, org] of lent.entries()) opened.push(await open(target, org, index))
      takenMs = clock.monotonic()
      orgs = opened
      return opened
    },
    logOut,
  }
}

async function open(target: Target, { keys, owner }: LentOrg, index: number): Promise<ProbeOrg> {
  if (owner === null) return { orgId: `lent-${index + 1}`, keys, owner: null }
  const { email, password } = owner
  const body = { email, password }
  const answer = await ask(target, z.union([signedIn, untilSecondFactor]), '/auth/login', { body })
  if ('mfaRequired' in answer)
    throw new Error(`${email} has a second factor; lend an owner who logs in with a password alone`)
  const { accessToken, user } = answer
  const sudo = { credential: accessToken, body: { password } }
  const { sudoToken } = await ask(target, proven, '/dashboard/sudo/verify', sudo)
  return {
    orgId: user.teamId,
    keys,
    owner: { userId: user.id, email, password, accessToken, sudoToken },
  }
}
