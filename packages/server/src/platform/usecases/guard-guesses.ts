import { mutate } from '@gatehouse/kernel/audit'
import { asGate } from '@gatehouse/kernel/db'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { verifyAgainstNothing, verifyPassword } from '@gatehouse/kernel/sessions'
import { queueMail } from '../../mail/index.ts'
import { sendGuessing } from '../contract/jobs.ts'
import type { PlatformDeps } from '../deps.ts'
import { policy } from '../policy.ts'
import { digestCode } from './short-code.ts'
import {
  chargeGuess,
  claimTelling,
  clearGuesses,
  type GuessKind,
  type GuessPlace,
  isKnownDevice,
} from '../store/guess-store.ts'
import { listBelongings } from '../store/membership-store.ts'
import { type Account, hasPassword } from '../store/user-store.ts'
import { toDevice } from './to-device.ts'
import type { Visit } from './open-member-session.ts'
import { publishSecurityIncident } from './publish-platform-event.ts'

type GuardDeps = Pick<PlatformDeps, 'db' | 'audit' | 'clock' | 'digests' | 'mailer'>

/**
 * Where a proof comes from: a session has a count of its own, and so has a device from which the person has signed in.
 */
export type Whence = { readonly sessionId: string } | Visit

export type PasswordVerdict =
  | { readonly matches: true; readonly needsRehash: boolean }
  | {
      readonly matches: false
      readonly reason: 'unknown_address' | 'no_password' | 'wrong_password' | 'password_held'
    }

const { free, windowMinutes, holdSecondsMin, holdSecondsMax, toldAgainMinutes } = policy.guesses
const minuteMs = 60_000
const figures = {
  free,
  windowMs: windowMinutes * minuteMs,
  holdMsMin: holdSecondsMin * 1_000,
  holdMsMax: holdSecondsMax * 1_000,
}

/**
 * The only function that compares a password (S10). Every failure takes the work of one comparison: an unknown address,
 * a wrong password, and a try that is not evaluated after too many failures.
 */
export async function provePassword(
  deps: GuardDeps,
  { email, account }: { readonly email: string; readonly account: Account | undefined },
  password: string,
  whence: Whence,
): Promise<PasswordVerdict> {
  const looked = await guardGuess(
    deps,
    { email, userId: account?.id ?? null },
    'password',
    whence,
    async () => {
      if (account !== undefined && hasPassword(account)) return verifyPassword(password, account.passwordHash)
      await verifyAgainstNothing(password)
      return { matches: false, needsRehash: false }
    },
  )
  if (looked === undefined) await verifyAgainstNothing(password)
  if (account === undefined) return { matches: false, reason: 'unknown_address' }
  if (looked === undefined) return { matches: false, reason: 'password_held' }
  if (!hasPassword(account)) return { matches: false, reason: 'no_password' }
  const { matches, needsRehash } = looked
  return matches ? { matches, needsRehash } : { matches, reason: 'wrong_password' }
}

/**
 * The tries under evaluation on this node, one after another per count: concurrent correct ones do not count as
 * failures.
 */
const turns = new Map<string, Promise<unknown>>()

/** Evaluates a proof, and counts a wrong one; undefined while further tries are delayed. */
export async function guardGuess<T extends { readonly matches: boolean }>(
  deps: GuardDeps,
  { email, userId }: { readonly email: string; readonly userId: string | null },
  purpose: GuessKind,
  whence: Whence,
  look: () => Promise<T>,
): Promise<T | undefined> {
  const subject = userId ?? `address:${digestCode(deps.digests, 'guess', email).toString('hex')}`
  const at: GuessPlace = { subject, userId, purpose, place: await findPlace(deps, userId, whence) }
  return inTurn(JSON.stringify([subject, purpose, at.place]), async () => {
    const failures = await asGate(deps, (tx) => chargeGuess(tx, at, figures, deps.clock.now()))
    if (failures === undefined) return undefined
    const looked = await look()
    if (looked.matches) await asGate(deps, (tx) => clearGuesses(tx, at))
    else if (userId !== null && failures >= free) await tell(deps, at, userId)
    return looked
  })
}

async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(key) ?? Promise.resolve()
  const mine = before.then(work, work)
  const settled = mine.catch(() => undefined)
  turns.set(key, settled)
  try {
    return await mine
  } finally {
    if (turns.get(key) === settled) turns.delete(key)
  }
}

async function findPlace(deps: GuardDeps, userId: string | null, whence: Whence): Promise<string> {
  if ('sessionId' in whence) return `session:${whence.sessionId}`
  const device = toDevice(whence.userAgent, whence.ip)
  const sinceMs = deps.clock.now() - policy.knownDeviceDays * 24 * 60 * minuteMs
  // Queried for an unknown account too, so that it takes the same work.
  const isKnown = await asGate(deps, (tx) => isKnownDevice(tx, userId ?? '', device, sinceMs))
  return isKnown ? JSON.stringify([device.browser, device.system, device.network]) : 'strangers'
}

/**
 * Notifies the person, their chain and their org's webhooks, at most once in a while, whatever the number of failures.
 */
async function tell(deps: GuardDeps, at: GuessPlace, userId: string): Promise<void> {
  const now = deps.clock.now()
  const { isDue, belongings } = await asGate(deps, async (tx) => ({
    isDue: await claimTelling(tx, at, toldAgainMinutes * minuteMs, now),
    belongings: await listBelongings(tx, userId),
  }))
  if (!isDue) return
  const orgId = belongings[0]?.orgId
  const system = { kind: 'system', orgId: orgId ?? instanceOrgId, because: 'guessing' } as const
  await mutate(deps, system, async (tx) => {
    if (deps.mailer.isConfigured) await queueMail(tx, sendGuessing, { orgId: tx.orgId, userId, atMs: now })
    if (orgId !== undefined) await publishSecurityIncident(tx, 'account_guessed', userId, now)
    const entry = { action: 'account.guessed', resourceId: userId, detail: { purpose: at.purpose }, at: now }
    return { result: undefined, entry }
  })
}
