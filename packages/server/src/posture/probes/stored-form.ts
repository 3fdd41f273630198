import { createHash } from 'node:crypto'
import { asGate, within } from '@gatehouse/kernel/db'
import type { SystemPrincipal } from '@gatehouse/kernel/principal'
import { fails, type Finding, holds } from '../finding.ts'
import type { Inside } from '../inside.ts'
import { countSealed } from '../store/sealed-values.ts'
import { findStoredKey } from '../store/stored-keys.ts'
import { countPasswordHashes, findPasswordHash, readRefreshTokens } from '../store/stored-log-ins.ts'
import { asOwner, firstOrg, keyOf, mintKey, ownerOf, send, show, UnseenError } from './ask.ts'

const digestBytes = 32
/** The first promise on the uptime service's page; weaker hashes are upgraded at the next log-in. */
const iterationsLeast = 100_000

/** Makes a key and checks how it is stored: as a digest that cannot be computed from its text alone. */
export async function keepDigests({ db, target, digests }: Inside): Promise<Finding> {
  const org = firstOrg(target)
  const key = await mintKey(target, org, 'oversight')
  const stored = await asGate({ db }, (tx) => findStoredKey(tx, key.id))
  if (stored === undefined) throw new UnseenError('The key that was made is not found')
  const { digest, pepperVersion } = stored
  const figures = { digestBytes: digest.length, pepperVersion }
  if (digest.length !== digestBytes) return fails('What is kept of a key is no digest of 256 bits', figures)
  const plain = createHash('sha256').update(key.key).digest()
  if (digest.equals(plain)) return fails('Keys are kept as a plain hash, without a pepper', figures)
  return pepperVersion === digests.currentVersion
    ? holds(figures)
    : fails('A new key is not kept under the newest pepper', figures)
}

/** Makes a key of each service and searches the stored rows for it: only the prefix may be there. */
export async function keepPrefixes({ db, target, policy }: Inside): Promise<Finding> {
  const org = firstOrg(target)
  const shown: Partial<Record<`${'uptime' | 'oversight' | 'volatility'}Characters`, number>> = {}
  for (const service of ['uptime', 'oversight', 'volatility'] as const) {
    const visible = policy[service].keyShape?.visibleLength ?? 0
    const key = await mintKey(target, org, service)
    const stored = await asGate({ db }, (tx) => findStoredKey(tx, key.id))
    if (stored === undefined) throw new UnseenError('The key that was made is not found')
    if (stored.prefix !== key.key.slice(0, visible))
      return fails(`Of a key of ${service}, ${stored.prefix.length} characters are kept in clear`)
    if (stored.row.includes(key.key.slice(0, visible + 4)))
      return fails(`More of a key of ${service} is kept in clear than may be shown`)
    shown[`${service}Characters`] = visible
  }
  return holds(shown)
}

/** Checks the hash of the probe's own owner, and the weakest hash of all people. */
export async function keepPasswords({ db, target, policy }: Inside): Promise<Finding> {
  const { userId } = ownerOf(firstOrg(target))
  const own = await asGate({ db }, (tx) => findPasswordHash(tx, userId))
  const all = await asGate({ db }, countPasswordHashes)
  const iterations = Number(/^\$pbkdf2-sha256\$i=(\d+)\$/.exec(own ?? '')?.[1] ?? 0)
  const figures = { ...all, newIterations: iterations }
  if (iterations < policy.kernel.passwordIterations)
    return fails(`A new password is kept after ${iterations} iterations`, figures)
  if (all.otherForms > 0) return fails('A password is kept in a form that is not the one claimed', figures)
  return all.fewestIterations < iterationsLeast
    ? fails(`A password is kept after ${all.fewestIterations} iterations`, figures)
    : holds(figures)
}

/** Checks that no refresh token lives longer than claimed. */
export async function boundRefreshTokens({ db, clock, policy }: Inside): Promise<Finding> {
  const { tokens, longestSeconds } = await asGate({ db }, (tx) => readRefreshTokens(tx, clock.now()))
  if (tokens === 0) throw new UnseenError('Nobody is logged in')
  const figures = { tokens, longestSeconds, claimedSeconds: policy.kernel.refreshTokenMs / 1000 }
  return longestSeconds * 1000 <= policy.kernel.refreshTokenMs
    ? holds(figures)
    : fails(`A refresh token lives ${Math.round(longestSeconds)} s`, figures)
}

/** Retention runs every hour, and may take some time. */
const overdueSecondsMax = 7_200

/** Checks that refresh tokens are stored as digests with their expiry, and are deleted soon after it. */
export async function deleteEndedTokens({ db, clock }: Inside): Promise<Finding> {
  const facts = await asGate({ db }, (tx) => readRefreshTokens(tx, clock.now()))
  if (facts.tokens === 0) throw new UnseenError('Nobody is logged in')
  const figures = {
    tokens: facts.tokens,
    mostOverdueSeconds: Math.max(0, Math.round(facts.mostOverdueSeconds)),
    digestBytes: facts.shortestDigestBytes,
  }
  if (facts.shortestDigestBytes !== digestBytes)
    return fails('A refresh token is not kept as a digest', figures)
  return facts.mostOverdueSeconds > overdueSecondsMax
    ? fails('A refresh token is kept long after its end', figures)
    : holds(figures)
}

/** Stores secrets through the API, and checks every column that must be sealed. */
export async function sealSecrets({ db, target, sink, schema }: Inside): Promise<Finding> {
  const org = firstOrg(target)
  const secret = `whsec_${Buffer.from('a canary of the posture probe 01').toString('base64')}`
  const url = sink.open().url
  const planted = [
    ['/dashboard/webhooks', { ...asOwner(org), body: { url, events: ['key.revoked'] } }],
    [
      '/api/v1/notification-channels',
      {
        ...show('uptime', keyOf(org, 'uptime')),
        body: { type: 'webhook', name: 'posture', config: { url, secret } },
      },
    ],
    ['/v1/webhooks', { ...show('volatility', keyOf(org, 'volatility')), body: { url } }],
  ] as const
  for (const [path, call] of planted) await send(target, path, { method: 'POST', ...call })
  const principal: SystemPrincipal = { kind: 'system', orgId: org.orgId, because: 'probes' }
  let values = 0
  for (const { table, column, within: where } of schema.sealed) {
    const counts =
      where === 'org'
        ? await within({ db }, principal, (tx) => countSealed(tx, table, column))
        : await asGate({ db }, (tx) => countSealed(tx, table, column))
    values += counts.values
    if (counts.otherForms > 0)
      return fails('A stored secret is not sealed', {
        columns: schema.sealed.length,
        notSealed: counts.otherForms,
      })
  }
  const figures = { columns: schema.sealed.length, values }
  return values < planted.length
    ? fails('Planted secrets are in no column that is sealed', figures)
    : holds(figures)
}
