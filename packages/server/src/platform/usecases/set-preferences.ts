import { mutate } from '@gatehouse/kernel/audit'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { PlatformDeps } from '../deps.ts'
import type { Preferences } from '../domain/preferences.ts'
import { problems } from '../problems.ts'
import { setPreferences as store } from '../store/preference-store.ts'
import { findPerson } from '../store/user-store.ts'

/** The preferences to change; the others stay. */
export type PreferenceChange = {
  readonly [Name in keyof Preferences]?: Preferences[Name] | undefined
}

export async function setPreferences(
  deps: PlatformDeps,
  member: MemberPrincipal,
  { language, timeZone, theme }: PreferenceChange,
): Promise<Preferences> {
  const { userId } = member
  return mutate(deps, member, async (tx) => {
    const now = deps.clock.now()
    const before = (await findPerson(tx, userId))?.preferences
    if (before === undefined) throw problems.NOT_FOUND()
    const changed = {
      ...(language !== undefined && { language }),
      ...(timeZone !== undefined && { timeZone }),
      ...(theme !== undefined && { theme }),
    }
    const preferences = { ...before, ...changed }
    await store(tx, userId, preferences, now)
    return {
      result: preferences,
      entry: { action: 'user.change_preferences', resourceId: userId, detail: changed, at: now },
    }
  })
}
