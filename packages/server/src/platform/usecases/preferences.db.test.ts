import { asGate, within } from '@gatehouse/kernel/db'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { notChosen } from '../domain/preferences.ts'
import { findPerson } from '../store/user-store.ts'
import { startTestPlatform, type TestPlatform } from '../testing/test-platform.ts'
import { toSignedIn } from '../testing/to-signed-in.ts'
import { createOwner } from './create-owner.ts'
import { exportAccount } from './export-account.ts'
import { listAuditLogs } from './list-audit-logs.ts'
import { logIn } from './log-in.ts'
import { setPreferences } from './set-preferences.ts'

let platform: TestPlatform

beforeAll(async () => {
  platform = await startTestPlatform()
})
afterAll(() => platform.database.drop())

it('preferences-are-kept-in-the-account: what is not named stays, and null takes a choice back', async () => {
  const { deps, found } = platform
  const ann = await found()
  const kept = () => asGate(deps, (tx) => findPerson(tx, ann.userId))
  expect(await kept()).toMatchObject({ language: 'en', preferences: notChosen })
  const chosen = { language: 'ja', timeZone: 'Asia/Tokyo', theme: 'dark' } as const
  expect(await setPreferences(deps, ann, chosen)).toEqual(chosen)
  expect(await setPreferences(deps, ann, { theme: 'light' })).toEqual({ ...chosen, theme: 'light' })
  expect(await kept()).toMatchObject({ language: 'ja', preferences: { ...chosen, theme: 'light' } })
  await setPreferences(deps, ann, { language: null, timeZone: null })
  // Mails go on in the language of the browser that made the account.
  expect(await kept()).toMatchObject({ language: 'en', preferences: { ...notChosen, theme: 'light' } })
})

it('preferences-are-kept-in-the-account: whoever logs in hears them at once', async () => {
  const { deps } = platform
  const who = { email: 'mia@example.com', password: 'correct horse battery' }
  const { userId, belonging } = await createOwner(deps, { ...who, name: 'Mia', orgName: 'Acme' })
  const { orgId } = belonging
  const mia = { kind: 'member', userId, orgId, role: 'owner', sessionId: '', ip: '192.0.2.1' } as const
  await setPreferences(deps, mia, { timeZone: 'America/St_Johns' })
  const { user } = toSignedIn(await logIn(deps, who, { ip: '192.0.2.9', userAgent: 'test' }))
  expect(user.preferences).toEqual({ ...notChosen, timeZone: 'America/St_Johns' })
})

it('preferences-are-kept-in-the-account: a change is an entry, and the export holds what was chosen', async () => {
  const { deps, found } = platform
  const ann = await found()
  await setPreferences(deps, ann, { language: 'ja', timeZone: 'Asia/Tokyo' })
  const { auditLogs } = await listAuditLogs(deps, ann, { action: 'user.change_preferences', limit: 10 })
  expect(auditLogs).toMatchObject([
    { actorId: ann.userId, resourceId: ann.userId, details: { language: 'ja', timeZone: 'Asia/Tokyo' } },
  ])
  let file = ''
  for await (const part of await exportAccount(deps, ann)) file += String(part)
  expect(JSON.parse(file)).toMatchObject({
    records: { 'platform.user': [{ chosen_language: 'ja', time_zone: 'Asia/Tokyo', theme: 'system' }] },
  })
})

it('preferences-are-kept-in-the-account: nobody changes those of a stranger', async () => {
  const { deps, found } = platform
  const [ann, eve] = [await found(), await found()]
  await expect(setPreferences(deps, { ...eve, userId: ann.userId }, { theme: 'dark' })).rejects.toMatchObject(
    { code: 'NOT_FOUND' },
  )
  expect(await within(deps, ann, (tx) => findPerson(tx, ann.userId))).toMatchObject({
    preferences: notChosen,
  })
})
