import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createAuditLog, mutate, type Refusal } from '@gatehouse/kernel/audit'
import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import { createCursors } from '@gatehouse/kernel/endpoint'
import { kernelOrgTables, kernelPersonalTables } from '@gatehouse/kernel/db'
import { newId } from '@gatehouse/kernel/ids'
import { createKeyDigests, type KeyShape } from '@gatehouse/kernel/keys'
import { followLive } from '@gatehouse/kernel/live'
import { createLogger } from '@gatehouse/kernel/log'
import type { MemberPrincipal, Role } from '@gatehouse/kernel/principal'
import { createSealer } from '@gatehouse/kernel/secrets'
import { createAccessTokens, createSudoTokens } from '@gatehouse/kernel/sessions'
import { fakeClock, type FakeClock, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import { webhookOrgTables } from '@gatehouse/kernel/webhooks'
import type { Mailer, Message } from '../../mail/index.ts'
import type { PlatformDeps } from '../deps.ts'
import { insertMembership } from '../store/membership-store.ts'
import { orgTables } from '../store/org-tables.ts'
import { personalTables } from '../store/personal-tables.ts'
import { insertUser } from '../store/user-store.ts'
import { foundOrg, newOrgId } from '../usecases/found-org.ts'

export type TestPlatform = {
  readonly deps: PlatformDeps
  readonly clock: FakeClock
  readonly database: TestDatabase
  readonly mails: Message[]
  readonly refusals: Refusal[]
  /** Makes a new person who owns a new org. */
  readonly found: (orgName?: string) => Promise<MemberPrincipal>
  /** Makes a new person in an existing org. */
  readonly join: (orgId: string, role: Role) => Promise<MemberPrincipal>
}

const others = { title: 'Uptime', defaultScopes: ['read'], deviceScopes: ['read', 'write'] }

const keyShape: KeyShape = {
  prefixes: ['mk_'],
  alphabet: '0123456789abcdef',
  bodyLength: 64,
  visibleLength: 11,
  check: null,
}

export async function startTestPlatform(given: Partial<PlatformDeps> = {}): Promise<TestPlatform> {
  const database = await testDatabase()
  const clock = fakeClock(Date.UTC(2026, 5, 1, 12))
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const signingKey = { id: 'test-1', privateKey, publicKey }
  const mails: Message[] = []
  const refusals: Refusal[] = []
  const deps: PlatformDeps = {
    db: database.db,
    audit: createAuditLog(signingKey),
    clock,
    log: createLogger('silent'),
    live: followLive({
      db: database.db,
      invalidations: { subscribe: () => () => undefined },
      onError: () => undefined,
      topicOf: () => undefined,
    }),
    cursors: createCursors(Buffer.alloc(32, 7)),
    mailer: mailerInto(mails),
    admins: [],
    securityContact: undefined,
    reportKey: undefined,
    auditKeys: new Map([[signingKey.id, publicKey]]),
    tokens: createAccessTokens(newKeys()),
    sudoTokens: createSudoTokens(newKeys()),
    sealer: createSealer(newKeys()),
    egress: createEgress({
      allow: noAllowance,
      resolve: async () => [{ address: '93.184.215.14' }],
    }),
    randomBytes,
    refusals: { note: (refusal) => void refusals.push(refusal) },
    forget: () => undefined,
    digests: createKeyDigests(newKeys()),
    services: new Map([['uptime', { keyShape, scopes: ['monitors:read', 'monitors:write'], ...others }]]),
    furnishOrg: async () => [],
    instanceIssuer: undefined,
    registration: 'invite',
    personalTables: [...kernelPersonalTables, ...personalTables],
    orgTables: [...orgTables, ...webhookOrgTables, ...kernelOrgTables],
    publicUrl: () => 'https://gate.example.com',
    ...given,
  }
  const newPerson = (orgId: string, role: Role): MemberPrincipal => ({
    kind: 'member',
    orgId,
    userId: newId(clock.now()),
    sessionId: newId(clock.now()),
    role,
    ip: '192.0.2.1',
  })
  const account = ({ userId }: MemberPrincipal) => ({
    id: userId,
    email: `${userId.toLowerCase()}@example.com`,
    name: `Person ${userId.slice(-4)}`,
    language: 'en' as const,
    passwordHash: 'none',
    emailVerifiedAtMs: clock.now(),
    createdAtMs: clock.now(),
  })
  return {
    deps,
    clock,
    database,
    mails,
    refusals,
    found: async (orgName = 'Acme') => {
      const owner = newPerson(newOrgId(), 'owner')
      return mutate(deps, owner, async (tx) => {
        await insertUser(tx, account(owner))
        const { entries } = await foundOrg(deps, tx, orgName, owner.userId, clock.now())
        return { result: owner, entry: entries }
      })
    },
    join: async (orgId, role) => {
      const member = newPerson(orgId, role)
      return mutate(deps, member, async (tx) => {
        await insertUser(tx, account(member))
        await insertMembership(tx, member.userId, role, clock.now())
        return {
          result: member,
          entry: { action: 'member.join', resourceId: member.userId, at: clock.now() },
        }
      })
    },
  }
}

const newKeys = () => ({ current: 1, versions: new Map([[1, randomBytes(32)]]) })

function mailerInto(mails: Message[]): Mailer {
  return {
    isConfigured: true,
    send: async (message) => {
      mails.push(message)
      return { outcome: 'sent', messageId: `<${mails.length}@example.com>` }
    },
  }
}
