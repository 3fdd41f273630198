import { createHash, generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto'
import { createAuditLog, decideAsSystem } from '@gatehouse/kernel/audit'
import { systemClock } from '@gatehouse/kernel/clock'
import { asGate, query } from '@gatehouse/kernel/db'
import { deliverDue, toAttempt } from '@gatehouse/kernel/delivery'
import { createEgress, parseEgressAllowance } from '@gatehouse/kernel/egress'
import { createCursors } from '@gatehouse/kernel/endpoint'
import { newId } from '@gatehouse/kernel/ids'
import { followLive } from '@gatehouse/kernel/live'
import { createLogger } from '@gatehouse/kernel/log'
import type { KeyPrincipal, MemberPrincipal } from '@gatehouse/kernel/principal'
import { createSealer } from '@gatehouse/kernel/secrets'
import { fakeClock, type FakeClock, testDatabase, type TestDatabase } from '@gatehouse/kernel/testing'
import type { CheckTask } from '../checks/check-task.ts'
import { createPoliteness } from '../checks/politeness.ts'
import { probe } from '../checks/probe.ts'
import type { UptimeDeps } from '../deps.ts'
import { createMailQueue, type Mailer, type Message } from '../../../mail/index.ts'
import { findUserNames } from '../../../platform/store/user-name-store.ts'
import { createChannelQueue } from '../jobs/channel-queue.ts'
import type { DeliverDeps } from '../jobs/deliver-deps.ts'
import { applyEvents, type Step } from '../jobs/apply-events.ts'
import { checkNow } from '../jobs/check-now.ts'
import { judgeEvent } from '../jobs/judge-event.ts'
import type { EngineDeps } from '../jobs/start-engine.ts'
import { createNotices } from '../jobs/notices.ts'
import { createSubscriberQueues } from '../jobs/subscriber-queue.ts'
import { uptimeMails } from '../jobs/uptime-mails.ts'
import { createPageHosts } from '../pages/page-hosts.ts'
import { uptimePolicy } from '../policy.ts'
import { lockMonitors } from '../store/judge-store.ts'

export type TestUptime = {
  readonly deps: UptimeDeps
  readonly deliverDeps: DeliverDeps
  readonly engineDeps: EngineDeps
  /** Lines that the engine has logged. */
  readonly logged: Readonly<Record<string, unknown>>[]
  readonly clock: FakeClock
  readonly database: TestDatabase
  readonly mails: Message[]
  /** Sends every due notification, as a node would. */
  readonly deliver: (deps?: Partial<DeliverDeps>) => Promise<void>
  /** Sends everything due to subscribers of status pages, as a node would. */
  readonly deliverToSubscribers: (deps?: Partial<DeliverDeps>) => Promise<void>
  /** Sends every due mail besides the notifications. */
  readonly sendMails: () => Promise<void>
  /** Removes deliveries that earlier tests left due. */
  readonly forgetDeliveries: () => Promise<unknown>
  /** Errors that were logged while sending notifications. */
  readonly errors: unknown[]
  /** Creates an organisation and returns one of its members. */
  readonly found: (plan?: string) => Promise<MemberPrincipal>
  /** Passes verdicts of a monitor to the judge, one per second from now on. */
  readonly observe: (orgId: string, monitorId: string, outcomes: readonly ('up' | 'down')[]) => Promise<void>
}

/** DNS names that resolve in tests; all others do not exist. */
const addresses: Readonly<Record<string, string>> = {
  'example.com': '93.184.216.34',
  'api.example.com': '93.184.216.34',
  'other.example.com': '93.184.216.35',
  'rebinds.example.com': '10.0.0.1',
}

export async function startTestUptime(given: Partial<UptimeDeps> = {}): Promise<TestUptime> {
  const database = await testDatabase()
  // Near the present, because partitions of results exist only for these days.
  const clock = fakeClock(Math.floor(Date.now() / 1000) * 1000)
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const mails: Message[] = []
  const egress = createEgress({
    allow: parseEgressAllowance('127.0.0.1/32'),
    resolve: async (hostname) => {
      const address = addresses[hostname]
      if (address === undefined) throw Object.assign(new Error('No such name'), { code: 'ENOTFOUND' })
      return [{ address, family: 4 }]
    },
  })
  const mailer: Mailer = {
    isConfigured: true,
    send: async (mail) => {
      mails.push(mail)
      return { outcome: 'sent', messageId: mail.messageId ?? '' }
    },
  }
  const deliverDeps: DeliverDeps = {
    db: database.db,
    audit: createAuditLog({ id: 'test-1', privateKey, publicKey }),
    clock,
    egress,
    sealer: createSealer({ current: 1, versions: new Map([[1, randomBytes(32)]]) }),
    publicUrl: () => 'https://gate.example.com',
    sendMail: async (mail) => {
      mails.push(mail)
      return toAttempt('accepted')
    },
    chance: () => 0.5,
    mail: { isConfigured: true },
    listOwners: async () => [{ email: 'owner@example.com', language: 'en', timeZone: null }],
    findMemberAddress: async () => undefined,
  }
  const errors: unknown[] = []
  const logged: Readonly<Record<string, unknown>>[] = []
  const engine: EngineDeps & DeliverDeps = {
    ...deliverDeps,
    log: createLogger('info', { write: (line) => void logged.push(parseLine(line)) }),
    pool: {
      run: async (check: CheckTask) => {
        const startedAtMs = clock.now()
        return { startedAtMs, endedAtMs: clock.now(), ...(await probe(egress, check)) }
      },
      stop: async () => undefined,
    },
    politeness: createPoliteness(uptimePolicy.perTarget),
    // As if the notification channel were down: due work is found by polling.
    news: { subscribe: () => () => undefined },
  }
  const deps: UptimeDeps = {
    ...deliverDeps,
    live: followLive({
      db: database.db,
      invalidations: { subscribe: () => () => undefined },
      onError: () => undefined,
      topicOf: () => undefined,
    }),
    listMemberNames: findUserNames,
    hosts: createPageHosts({
      db: database.db,
      publicUrl: deliverDeps.publicUrl,
      news: { subscribe: () => () => undefined },
      onError: (error) => void errors.push(error),
    }),
    cursors: createCursors(Buffer.alloc(32, 7)),
    mail: { isConfigured: true },
    randomBytes,
    engine: {
      checkNow: (principal, monitorId) => checkNow(engine, principal, monitorId),
      judgeEvent: (tx, monitorIds, event) => judgeEvent(deliverDeps, tx, monitorIds, event),
    },
    notices: createNotices(deliverDeps),
    ...given,
  }
  return {
    deps,
    deliverDeps,
    engineDeps: engine,
    logged,
    clock,
    database,
    mails,
    deliver: (other = {}) =>
      deliverDue(
        { ...deliverDeps, onError: (error) => void errors.push(error) },
        createChannelQueue({ ...deliverDeps, ...withOneEgress(other) }),
      ),
    deliverToSubscribers: async (other = {}) => {
      for (const queue of createSubscriberQueues({ ...deliverDeps, ...withOneEgress(other) }))
        await deliverDue({ ...deliverDeps, onError: (error) => void errors.push(error) }, queue)
    },
    sendMails: () =>
      deliverDue(
        { ...deliverDeps, clock: systemClock, onError: (error) => void errors.push(error) },
        createMailQueue(uptimeMails({ ...engine, mailer }), {
          publicUrl: deliverDeps.publicUrl,
          toSecret: (id) => createHash('sha256').update(id).digest(),
          onError: (error) => void errors.push(error),
        }),
      ),
    forgetDeliveries: () => database.db.pool.query('DELETE FROM gatehouse.delivery'),
    errors,
    found: async (plan = 'unlimited') => {
      const member = newMember(clock.now())
      await insertOrg(deps, member.orgId, plan, clock.now())
      return member
    },
    observe: async (orgId, monitorId, outcomes) => {
      for (const outcome of outcomes) {
        clock.advance(1_000)
        const atMs = clock.now()
        const verdict = {
          outcome,
          startedAtMs: atMs,
          endedAtMs: atMs,
          code: outcome === 'down' ? 'connection_reset' : null,
        }
        const step: Step = {
          event: { kind: 'verdict', verdict },
          result: { startedAtMs: atMs, outcome, code: verdict.code, values: {}, totalMs: 12 },
        }
        await decideAsSystem(deps, { kind: 'system', orgId, because: 'test' }, async (tx, decide) => {
          const [monitor] = await lockMonitors(tx, [monitorId])
          if (monitor === undefined) throw new Error('The monitor to observe does not exist')
          await applyEvents(deliverDeps, tx, decide, monitor, [step])
        })
      }
    },
  }
}

function parseLine(line: string): Readonly<Record<string, unknown>> {
  // Safe: the logger writes one JSON object a line.
  return JSON.parse(line) as Readonly<Record<string, unknown>>
}

/** A key principal of the same organisation. */
export function toKey({ orgId, ip }: MemberPrincipal): KeyPrincipal {
  const scopes = ['monitors:write'] as const
  return { kind: 'key', orgId, service: 'uptime', keyId: 'key', keyPrefix: 'mk_12345678', scopes, ip }
}

type OrgTables = {
  'gatehouse.org': {
    org_id: string
    name: string
    slug: string
    plan: string
    created_at: Date
    updated_at: Date
  }
}

async function insertOrg(
  deps: Pick<UptimeDeps, 'db'>,
  orgId: string,
  plan: string,
  nowMs: number,
): Promise<void> {
  const now = new Date(nowMs)
  await asGate(deps, (tx) =>
    query<OrgTables>(tx)
      .insertInto('gatehouse.org')
      .values({ org_id: orgId, name: 'Acme', slug: orgId, plan, created_at: now, updated_at: now })
      .execute(),
  )
}

function newMember(nowMs: number): MemberPrincipal {
  return {
    kind: 'member',
    orgId: randomUUID(),
    userId: newId(nowMs),
    sessionId: newId(nowMs),
    role: 'member',
    ip: '192.0.2.1',
  }
}

/** Uses the test's egress for every organisation. */
function withOneEgress(given: Partial<DeliverDeps>): Partial<DeliverDeps> {
  if (given.egress === undefined) return given
  const egress: DeliverDeps['egress'] = { ...given.egress, forOrg: () => egress }
  return { ...given, egress }
}
