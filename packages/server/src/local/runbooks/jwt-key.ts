import { createAccessTokens } from '@gatehouse/kernel/sessions'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import { newId } from '@gatehouse/kernel/ids'
import { Secret } from '@gatehouse/kernel/secrets'
import { rotateSecret } from '../secrets.ts'
import { assertKeyOfFile, loadOwnKeys, retireOlderVersions } from './retire-versions.ts'
import { type Runbook, type RunbookContext, Unproven } from './runbook.ts'
import { heldSecret, isObserved, noServer } from './swap-setting.ts'

export const jwtKey: Runbook = {
  title: 'The key that signs access tokens',
  assertFits: assertKeyOfFile('jwt-key'),
  steps: [
    {
      id: 'rotate',
      kind: 'rotate',
      says: 'Make a new version and take the old ones away: every access token ends, and sessions renew theirs',
      run: async (context) => {
        context.held.set('token', new Secret(await forge(context)))
        const { current } = await rotateSecret(context.local, context.env, 'jwt-key')
        const retired = await retireOlderVersions(context, 'jwt-key')
        return { current, retired: retired.map(String) }
      },
    },
    {
      id: 'old-token-is-refused',
      kind: 'check',
      says: 'A token that the old version signed is refused',
      run: async (context) => {
        const token = heldSecret(context, 'token').reveal()
        const keys = await loadOwnKeys(context, 'jwt-key')
        if ((await createAccessTokens(keys).verify(token, context.local.clock.now())) !== undefined)
          throw new Error('A token of the old version is still good')
        const asked = await statusOf(context, token)
        if (asked === undefined) return new Unproven(noServer, { versions: keys.versions.size })
        if (!(await isObserved(context, async () => (await statusOf(context, token)) === 401)))
          throw new Error(`The server answers ${asked} to a token of the old version`)
        return { status: 401, versions: keys.versions.size }
      },
    },
    {
      id: 'sessions',
      kind: 'investigate',
      says: 'What a forged token could have done',
      run: async () => ({
        told: 'Whoever held the key could act as any member whose session id they knew. Decisions name their member and address: `gatehouse audit ips` and the audit log of each organisation from the time of the exposure on',
      }),
    },
  ],
}

async function statusOf(context: RunbookContext, token: string): Promise<number | undefined> {
  const headers = { authorization: `Bearer ${token}` }
  return (await context.askServer('/dashboard/me', { headers }))?.status
}

/**
 * Makes the token that a holder of the old key could make: well-formed and not expired, for a person who does not
 * exist.
 */
async function forge(context: RunbookContext): Promise<string> {
  const nowMs = context.local.clock.now()
  const keys = await loadOwnKeys(context, 'jwt-key')
  const token = await createAccessTokens(keys).sign({
    userId: newId(nowMs),
    orgId: instanceOrgId,
    sessionId: newId(nowMs),
    tokenId: newId(nowMs),
    issuedAtMs: nowMs,
  })
  if ((await createAccessTokens(keys).verify(token, nowMs)) === undefined)
    throw new Error('The key cannot sign what it should')
  return token
}
