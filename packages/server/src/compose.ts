import { pruneOldBodies, type SigningKey, writeCheckpoints } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import { type Database, ensurePartitions } from '@gatehouse/kernel/db'
import { type Egress, parseEgressAllowance } from '@gatehouse/kernel/egress'
import { createCursors } from '@gatehouse/kernel/endpoint'
import { type RecurringJob, runJobs } from '@gatehouse/kernel/jobs'
import { createMemoryStore } from '@gatehouse/kernel/limits'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { startWebhookDelivery } from '@gatehouse/kernel/webhooks'
import type { ServerConfig } from './config.ts'
import { openDataFolder } from './embedded/data-folder.ts'
import { loadKeyMaterial } from './embedded/first-run.ts'
import { dashboardModule } from './dashboard.ts'
import { healthModule } from './health.ts'
import { createLimiter } from './http/limiter.ts'
import { listen } from './http/listen.ts'
import { toProof } from './http/to-proof.ts'
import { keyedServices } from './keyed-services.ts'
import { createMailer, parseRelay } from './mail/index.ts'
import { type Parts, realParts } from './parts.ts'
import {
  createOwnerLink,
  findMembership,
  listOwnerAddresses,
  platformModule,
  tellWebhookOwners,
} from './platform/index.ts'
import { partitions, personalTables } from './schema.ts'
import type { ServiceModule } from './service.ts'
import { uptimeModule } from './services/uptime/index.ts'
import { startDatabase } from './start-database.ts'
import { toAttempt } from './to-attempt.ts'
import { wellKnownModule } from './well-known.ts'
import { withAuditLog } from './with-audit-log.ts'

export type ComposeOptions = {
  readonly config: ServerConfig
  readonly log: Logger
  readonly env: Readonly<Record<string, string | undefined>>
  /** Parts to take in place of the real ones. */
  readonly parts?: Partial<Parts>
}

export type Server = {
  readonly origin: string
  /** Set while nobody has an account: the one link that makes the first. */
  readonly ownerLink: string | undefined
  readonly db: Database
  readonly services: readonly ServiceModule[]
  readonly stop: () => Promise<void>
}

const socketsPerAddressMax = 1_024
const jobsAtOnce = 8

/** Makes everything that lives as long as the server, in the order in which the parts need each other. */
export async function compose({ config, log, env, parts: given }: ComposeOptions): Promise<Server> {
  const parts: Parts = { ...realParts, ...given }
  const { clock } = parts
  const folder = await openDataFolder(config.dataFolder)
  const stops: (() => Promise<void> | void)[] = [folder.release]
  const stop = async (): Promise<void> => {
    // One part that cannot end must not keep the others, the database and the lock among them, from ending.
    for (const end of stops.toReversed()) {
      try {
        await end()
      } catch (error) {
        log.error('A part could not be stopped', toErrorFields(error))
      }
    }
  }
  try {
    return await build()
  } catch (error) {
    await stop()
    throw error
  }

  async function build(): Promise<Server> {
    const keys = await loadKeyMaterial(folder.secrets, env)
    const running = await startDatabase(config.databaseUrl, folder, log, clock.now())
    stops.push(running.stop)
    const { db, invalidations } = running
    await parts.assertTenancy(db)

    let origin = ''
    const publicUrl = (): string => config.publicUrl ?? origin
    const onError = (error: unknown): void =>
      log.error('Something in the background failed', toErrorFields(error))
    const allow = parseEgressAllowance(config.egressAllow)
    if (config.egressAllow !== '')
      log.warn('Networks beyond the public internet may be reached', { cidrs: config.egressAllow })
    const egress: Egress = parts.createEgress({ allow })
    const audit = parts.createAuditLog(keys.signing)
    const refusals = parts.createRefusalLog({ db, audit }, onError)
    const calls = parts.createCallLog(db, onError)
    stops.push(refusals.stop, calls.stop)
    const digests = parts.createKeyDigests(keys.pepper)
    const tokens = parts.createAccessTokens(keys.jwt)
    const sudoTokens = parts.createSudoTokens(keys.jwt)
    const sealer = parts.createSealer(keys.master)
    const shapes = Object.fromEntries([...keyedServices].map(([name, { keyShape }]) => [name, keyShape]))
    const keyVerifier = parts.createKeyVerifier({ db, digests, shapes, invalidations, clock, onError })
    const sessionVerifier = parts.createSessionVerifier({ db, tokens, invalidations, clock, findMembership })
    stops.push(keyVerifier.stop, sessionVerifier.stop)
    const relay = config.smtpUrl === undefined ? undefined : parseRelay(config.smtpUrl)
    const mailer = createMailer({ relay, from: config.mailFrom, egress })
    const { randomBytes, chance } = parts
    const shared = {
      db,
      audit,
      clock,
      log,
      cursors: createCursors(keys.cursor),
      publicUrl,
      sealer,
      randomBytes,
    }

    const auditKeys = new Map([[keys.signing.id, keys.signing.publicKey]])
    const platform = platformModule({
      ...shared,
      mailer,
      auditKeys,
      tokens,
      sudoTokens,
      egress,
      refusals,
      digests,
      services: keyedServices,
      registration: config.registration,
      personalTables,
    })
    const uptime = uptimeModule({
      ...shared,
      egress,
      egressAllow: config.egressAllow,
      mail: mailer,
      sendMail: async (mail) => toAttempt(await mailer.send(mail)),
      chance,
      listOwners: listOwnerAddresses,
    })
    const services = [
      platform,
      withAuditLog(uptime, shared),
      healthModule({ db, invalidations }),
      wellKnownModule(auditKeys),
      dashboardModule(),
    ].map(parts.wrapService)

    const limits = createMemoryStore()
    const server = await listen(
      {
        clock,
        log,
        refusals,
        calls,
        limiter: createLimiter(parts.wrapLimitStore(limits), clock),
        trustedHops: config.trustedHops,
        verifyKey: async (service, text, ip) => toProof(await keyVerifier.verify(service, text, ip), ip),
        verifySession: async (text, ip) => toProof(await sessionVerifier.verify(text), ip),
        verifySudo: (text, member) => sudoTokens.verify(text, member, clock.now()),
        securityHeaders: parts.securityHeaders,
      },
      { host: config.host, port: config.port, socketsPerAddressMax, services },
    )
    origin = server.origin
    stops.push(server.stop)
    const loops = await Promise.all(services.map((service) => service.start()))
    stops.push(async () => void (await Promise.all(loops.map((loop) => loop.stop()))))
    const jobs = await runJobs({
      db,
      jobs: services.flatMap((service) => service.jobs),
      recurring: [
        ...services.flatMap((service) => service.recurring),
        keepPartitions(db, clock),
        ...keepAudit(db, clock, keys.signing),
        forgetIdle(limits, clock),
      ],
      concurrency: jobsAtOnce,
      onError: (message) => log.error(message),
    })
    stops.push(jobs.stop)
    const signatureHeaders = new Map<string, string>()
    const webhooks = startWebhookDelivery({
      db,
      clock,
      sealer,
      egress,
      invalidations,
      chance,
      onError,
      signatureHeaders,
      tell: tellWebhookOwners,
    })
    stops.push(webhooks.stop)
    const link = await createOwnerLink(shared)
    return { origin, ownerLink: link.open ? link.url : undefined, db, services, stop }
  }
}

function keepPartitions(db: Database, clock: Clock): RecurringJob {
  return {
    name: 'kernel.partitions',
    cron: '17 * * * *',
    run: () => ensurePartitions(db, partitions, clock.now()),
  }
}

function keepAudit(db: Database, clock: Clock, signingKey: SigningKey): readonly RecurringJob[] {
  return [
    {
      name: 'kernel.audit-checkpoints',
      cron: '*/10 * * * *',
      run: async ({ signal }) => void (await writeCheckpoints({ db }, signingKey, clock.now(), signal)),
    },
    {
      name: 'kernel.audit-bodies',
      cron: '23 * * * *',
      run: async ({ signal }) => void (await pruneOldBodies({ db }, clock.now(), signal)),
    },
  ]
}

function forgetIdle(limits: ReturnType<typeof createMemoryStore>, clock: Clock): RecurringJob {
  return { name: 'kernel.limits', cron: '* * * * *', run: async () => limits.forgetIdle(clock.monotonic()) }
}
