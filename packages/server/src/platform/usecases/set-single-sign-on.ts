import { type AuditedTx, type Decision, mutate } from '@gatehouse/kernel/audit'
import { asGate, within } from '@gatehouse/kernel/db'
import type { MemberPrincipal } from '@gatehouse/kernel/principal'
import type { SealContext } from '@gatehouse/kernel/secrets'
import { endSessionsConfinedTo } from '@gatehouse/kernel/sessions'
import type { PlatformDeps } from '../deps.ts'
import type { RoleRules, SsoDomain, SsoSettings } from '../domain/single-sign-on.ts'
import { problems } from '../problems.ts'
import { findMember } from '../store/membership-store.ts'
import { lockOrg } from '../store/org-store.ts'
import {
  deleteSsoDomain,
  deleteSsoSettings,
  findSsoSettings,
  insertSsoDomain,
  listSsoDomains,
  setSsoSettings,
  type StoredSettings,
} from '../store/sso-settings-store.ts'
import { findAccount, hasPassword } from '../store/user-store.ts'
import { judgeIssuerUrlNow } from './reach-issuer.ts'

export type SsoChange = RoleRules & {
  readonly issuer: string
  readonly clientId: string
  /** Undefined to keep the present one. */
  readonly clientSecret: string | undefined
  readonly domains: readonly string[]
  readonly isRequired: boolean
  readonly breakGlassUserId: string | null
  readonly clockSkewSeconds: number
}

export type SsoView = { readonly settings: SsoSettings; readonly domains: readonly SsoDomain[] }

export async function findSingleSignOn(
  deps: Pick<PlatformDeps, 'db'>,
  member: MemberPrincipal,
): Promise<SsoView | undefined> {
  return within(deps, member, async (tx) => {
    const settings = await findSsoSettings(tx)
    return settings && { settings, domains: await listSsoDomains(tx) }
  })
}

export async function setSingleSignOn(
  deps: PlatformDeps,
  owner: MemberPrincipal,
  change: SsoChange,
): Promise<SsoView> {
  const verdict = await judgeIssuerUrlNow(deps.egress.forOrg(owner.orgId), change.issuer)
  if (!verdict.accepted) throw refuseField('issuer', verdict.sentence)
  if (/[?#]/.test(change.issuer)) throw refuseField('issuer', 'must have no query and no fragment')
  const breakGlassUserId = change.isRequired ? await chooseBreakGlass(deps, owner, change) : null
  return mutate(deps, owner, async (tx) => {
    await lockOrg(tx)
    const before = await findSsoSettings(tx)
    if (breakGlassUserId !== null && (await findMember(tx, breakGlassUserId))?.role !== 'owner')
      throw refuseField('breakGlassUserId', breakGlassRule)
    const now = deps.clock.now()
    const clientSecretSealed = toSealedSecret(deps, tx, before, change)
    await setSsoSettings(tx, { ...change, breakGlassUserId, clientSecretSealed }, now)
    // The new issuer does not know the people whom another issuer vouched for.
    if (before !== undefined && before.issuer !== change.issuer)
      await endSessionsConfinedTo(tx, 'single_sign_on_changed', now)
    await setDomains(deps, tx, change.domains, now)
    const settings = await findSsoSettings(tx)
    if (settings === undefined) throw new Error('The settings that were just written are gone')
    const { issuer, clientId, domains, isRequired } = change
    const detail = { issuer, clientId, domains, require: isRequired, breakGlass: breakGlassUserId }
    const entry: Decision = { action: 'sso.configure', resourceId: tx.orgId, detail, at: now }
    return { result: { settings, domains: await listSsoDomains(tx) }, entry }
  })
}

export async function deleteSingleSignOn(deps: PlatformDeps, owner: MemberPrincipal): Promise<void> {
  await mutate(deps, owner, async (tx) => {
    await lockOrg(tx)
    if (!(await deleteSsoSettings(tx))) throw problems.NOT_FOUND()
    const now = deps.clock.now()
    await endSessionsConfinedTo(tx, 'single_sign_on_removed', now)
    return { result: undefined, entry: { action: 'sso.remove', resourceId: tx.orgId, at: now } }
  })
}

export function ssoSecretPlace(orgId: string): SealContext {
  return { orgId, table: 'platform.sso_connection', column: 'client_secret_sealed', row: orgId }
}

const breakGlassRule = 'must be an owner of the organisation who has a password'

/** The owner who keeps a password when passwords are disabled: the caller, unless they name another owner. */
async function chooseBreakGlass(
  deps: Pick<PlatformDeps, 'db'>,
  owner: MemberPrincipal,
  change: SsoChange,
): Promise<string> {
  const userId = change.breakGlassUserId ?? owner.userId
  const account = await asGate(deps, (tx) => findAccount(tx, userId))
  // Whether a person of another org has a password is not disclosed: the error is the same as for an unknown person.
  if (account === undefined || !hasPassword(account)) throw refuseField('breakGlassUserId', breakGlassRule)
  return userId
}

function toSealedSecret(
  { sealer }: Pick<PlatformDeps, 'sealer'>,
  tx: AuditedTx,
  before: StoredSettings | undefined,
  { issuer, clientId, clientSecret }: SsoChange,
): string {
  if (clientSecret !== undefined) return sealer.seal(ssoSecretPlace(tx.orgId), clientSecret)
  // A client secret is only ever sent to the issuer, and for the client, that it was entered for.
  if (before === undefined || before.issuer !== issuer || before.clientId !== clientId)
    throw refuseField('clientSecret', 'is required, since the issuer or the client is a new one')
  return before.clientSecretSealed
}

async function setDomains(
  { randomBytes }: Pick<PlatformDeps, 'randomBytes'>,
  tx: AuditedTx,
  wanted: readonly string[],
  nowMs: number,
): Promise<void> {
  const held = (await listSsoDomains(tx)).map(({ domain }) => domain)
  for (const domain of held) if (!wanted.includes(domain)) await deleteSsoDomain(tx, domain)
  for (const domain of wanted)
    if (!held.includes(domain))
      await insertSsoDomain(tx, domain, randomBytes(24).toString('base64url'), nowMs)
}

function refuseField(field: string, message: string): Error {
  return problems.VALIDATION_ERROR({ fields: [{ field, message }] })
}
