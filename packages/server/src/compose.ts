import { type SigningKey, writeCheckpoints } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import { type Database, ensurePartitions } from '@gatehouse/kernel/db'
import { type Egress, parseEgressAllowance, parseNameServers } from '@gatehouse/kernel/egress'
import { createCursors } from '@gatehouse/kernel/endpoint'
import { type RecurringJob, runJobs } from '@gatehouse/kernel/jobs'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { applyRetention } from '@gatehouse/kernel/retention'
import { startWebhookDelivery } from '@gatehouse/kernel/webhooks'
import { assertOwnKeys } from './assert-own-keys.ts'
import type { ServerConfig } from './config.ts'
import { openDataFolder } from './embedded/data-folder.ts'
import { loadKeyMaterial } from './embedded/first-run.ts'
import { followKeys } from './embedded/follow-keys.ts'
import { dashboardModule } from './dashboard.ts'
import { healthModule } from './health.ts'
import { createAllowedOrigins } from './http/allowed-origins.ts'
import { createLimiter } from './http/limiter.ts'
import { listen } from './http/listen.ts'
import type { TlsFiles } from './http/tls.ts'
import { toProof } from './http/to-proof.ts'
import { createMailer, parseRelay } from './mail/index.ts'
import { openLimitStore } from './open-limit-store.ts'
import { type Parts, realParts } from './parts.ts'
import {
  createOwnerLink,
  findAllowedOrigins,
  findMembership,
  isInstanceAdmin,
  listOwnerAddresses,
  platformModule,
  tellWebhookOwners,
} from './platform/index.ts'
import { orgTables, partitions, personalTables, retention } from './schema.ts'
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
    stops.push(followKeys(folder.secrets, env, keys, log))
    let isAdmitted = (): boolean => false
    const running = await startDatabase(config.databaseUrl, folder, log, clock.now(), async (channel) => {
      const lock = await parts.admitNode(channel, config.valkeyUrl !== undefined, log)
      isAdmitted = lock.isHeld
      stops.push(lock.stop)
    })
    stops.push(running.stop)
    const { db, invalidations } = running
    await parts.assertTenancy(db)
    await assertOwnKeys(db, keys.signingPublicKeys, folder.secrets)

    let origin = ''
    const publicUrl = (): string => config.publicUrl ?? origin
    const onError = (error: unknown): void =>
      log.error('Something in the background failed', toErrorFields(error))
    const allow = parseEgressAllowance(config.egressAllow)
    if (config.egressAllow !== '')
      log.warn('Networks beyond the public internet may be reached', { cidrs: config.egressAllow })
    const dnsServers = config.dnsServers.flatMap((text) => parseNameServers(text))
    const egress: Egress = parts.createEgress({ allow, dnsServers })
    stops.push(egress.close)
    const audit = parts.createAuditLog(keys.signing)
    const refusals = parts.createRefusalLog({ db, audit }, onError)
    const calls = parts.createCallLog(db, onError)
    stops.push(refusals.stop, calls.stop)
    const digests = parts.createKeyDigests(keys.pepper)
    const tokens = parts.createAccessTokens(keys.jwt)
    const sudoTokens = parts.createSudoTokens(keys.jwt)
    const sealer = parts.createSealer(keys.master)
    const shapes = Object.fromEntries(
      [...parts.keyedServices].map(([name, { keyShape }]) => [name, keyShape]),
    )
    const keyVerifier = parts.createKeyVerifier({ db, digests, shapes, invalidations, clock, onError })
    const sessionVerifier = parts.createSessionVerifier({ db, tokens, invalidations, clock, findMembership })
    stops.push(keyVerifier.stop, sessionVerifier.stop)
    const limits = await openLimitStore(config.valkeyUrl, clock, log)
    stops.push(limits.stop)
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

    const platform = platformModule({
      ...shared,
      mailer,
      admins: config.admins,
      auditKeys: keys.signingPublicKeys,
      tokens,
      sudoTokens,
      egress,
      refusals,
      digests,
      forget: invalidations.tell,
      services: parts.keyedServices,
      registration: config.registration,
      personalTables,
      orgTables,
    })
    const uptime = uptimeModule({
      ...shared,
      egress,
      egressAllow: config.egressAllow,
      dnsServers,
      mail: mailer,
      sendMail: async (mail) => toAttempt(await mailer.send(mail)),
      chance,
      listOwners: listOwnerAddresses,
    })
    const services = [
      platform,
      withAuditLog(uptime, shared),
      healthModule({ db, invalidations, areLimitsCounted: limits.isReachable, isAdmitted }),
      wellKnownModule(keys.signingPublicKeys),
      dashboardModule(),
    ].map(parts.wrapService)

    const server = await listen(
      {
        clock,
        log,
        refusals,
        calls,
        limiter: createLimiter(parts.wrapLimitStore(limits.store), clock),
        trustedHops: config.trustedHops,
        verifyKey: async (service, text, ip) => toProof(await keyVerifier.verify(service, text, ip), ip),
        verifySession: async (text, ip) => toProof(await sessionVerifier.verify(text), ip),
        isInstanceAdmin: (userId) => isInstanceAdmin({ db, mailer, admins: config.admins }, userId),
        verifySudo: (text, member) => sudoTokens.verify(text, member, clock.now()),
        securityHeaders: parts.securityHeaders,
        db,
        preflightOrigins: config.allowedOrigins,
        isOriginAllowed: createAllowedOrigins(invalidations, (orgId) => findAllowedOrigins({ db }, orgId)),
      },
      {
        host: config.host,
        port: config.port,
        tls: toTlsFiles(config),
        trustedProxies: config.trustedProxies,
        socketsPerAddressMax,
        services,
      },
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
        keepCheckpoints(db, clock, keys.signing),
        keepRetention(db, clock),
        ...limits.recurring,
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
      signingKey: keys.signing,
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

function keepCheckpoints(db: Database, clock: Clock, signingKey: SigningKey): RecurringJob {
  return {
    name: 'kernel.audit-checkpoints',
    cron: '*/10 * * * *',
    run: async ({ signal }) => void (await writeCheckpoints({ db }, signingKey, clock.now(), signal)),
  }
}

function keepRetention(db: Database, clock: Clock): RecurringJob {
  return {
    name: 'kernel.retention',
    cron: '23 * * * *',
    run: async ({ signal }) => void (await applyRetention({ db, clock }, retention, signal)),
  }
}

function toTlsFiles({ tlsCertificate: certificate, tlsKey: key }: ServerConfig): TlsFiles | undefined {
  if (certificate === undefined && key === undefined) return undefined
  if (certificate === undefined || key === undefined)
    throw new Error('GATEHOUSE_TLS_CERT and GATEHOUSE_TLS_KEY must be given together')
  return { certificate, key }
}
