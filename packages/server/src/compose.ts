import { type Database, followDatabaseClock, type InvalidationChannel } from '@gatehouse/kernel/db'
import { bindQueue } from '@gatehouse/kernel/delivery'
import { type Egress, parseEgressAllowance, parseNameServers } from '@gatehouse/kernel/egress'
import { createCursors } from '@gatehouse/kernel/endpoint'
import { runJobs } from '@gatehouse/kernel/jobs'
import { type Logger, toErrorFields } from '@gatehouse/kernel/log'
import { startWebhookDelivery, webhookQueueName } from '@gatehouse/kernel/webhooks'
import packageJson from '../package.json' with { type: 'json' }
import { toBillingSettings } from './billing-settings.ts'
import { composePosture, openSinks, type Prober, toProbedLimits } from './compose-posture.ts'
import type { ServerConfig } from './config.ts'
import { openDataFolder } from './embedded/data-folder.ts'
import { followKeys } from './embedded/follow-keys.ts'
import { deriveKey } from './embedded/derive-key.ts'
import { openKeys } from './embedded/open-keys.ts'
import { dashboard, readDashboard } from './dashboard.ts'
import { documentation } from './documentation/index.ts'
import { createFaultReporter, type FaultReporter, tellFaults } from './faults/report-faults.ts'
import { health } from './health.ts'
import { andThen } from './http/and-then.ts'
import { createAllowedOrigins } from './http/allowed-origins.ts'
import { createLimiter } from './http/limiter.ts'
import { listen } from './http/listen.ts'
import { toTlsFiles } from './http/tls.ts'
import { joinServices } from './join-services.ts'
import { toFurnishOrg } from './furnish-org.ts'
import { toProof } from './http/to-proof.ts'
import { toInstanceIssuer } from './instance-issuer.ts'
import { toKeyedServices } from './keyed-services.ts'
import { createMasterVerifier } from './master-secrets.ts'
import { toMasterSecrets } from './master-settings.ts'
import { createMeter } from './metrics/create-meter.ts'
import { listOwnGauges } from './metrics/own-gauges.ts'
import { createMailer, createMailQueue, parseRelay } from './mail/index.ts'
import { buildOpenApi, describeModules } from './openapi.ts'
import { openDisclosure } from './open-disclosure.ts'
import { openFeeds, readAdded } from './open-feeds.ts'
import { openLive } from './open-live.ts'
import { openLimitStore } from './open-limit-store.ts'
import { kernelRecurring } from './kernel-recurring.ts'
import { posture } from './posture/index.ts'
import { withSinks } from './posture/sinks.ts'
import { followSecrets, openLiveSecrets } from './operations/live-secrets.ts'
import { type Parts, realParts } from './parts.ts'
import {
  belongsElsewhere,
  createOwnerLink,
  createOrgDesk,
  createOwnKeys,
  definePlatform,
  findAllowedOrigins,
  findMembership,
  isInstanceAdmin,
  listCredits,
  findUserNames,
  addressBook,
  tellWebhookOwners,
} from './platform/index.ts'
import { toSchema } from './schema.ts'
import { tapLogger } from './tap-log.ts'
import { buildService, type ServiceModule } from './service/define-service.ts'
import { createRunningSbom } from './sbom/running-sbom.ts'
import type { ServiceDeps } from './service/service-deps.ts'
import { startDatabase } from './start-database.ts'
import { wellKnown } from './well-known.ts'
import { warnOfOpenings } from './warn-of-openings.ts'
import { withAuditDoor } from './with-audit-door.ts'

export type ComposeOptions = {
  readonly config: ServerConfig
  readonly log: Logger
  readonly env: Readonly<Record<string, string | undefined>>
  /** Replaces some of the real parts. */
  readonly parts?: Partial<Parts>
}

export type Server = {
  readonly origin: string
  /** The one link that creates the first account; undefined once there is an account. */
  readonly ownerLink: string | undefined
  readonly db: Database
  readonly services: readonly ServiceModule[]
  /** Probes this server. */
  readonly probe: Prober
  readonly stop: () => Promise<void>
}

const socketsPerAddressMax = 1_024
const jobsAtOnce = 8
/** Of the 200 names that a node may look up at a time (E9), those for other work than its checks. */
const dnsQueriesMax = 50

/** Creates everything that lives as long as the server, in the order in which the parts depend on each other. */
export async function compose({ config, log: given, env, parts: changed }: ComposeOptions): Promise<Server> {
  const { log: tapped, tap } = tapLogger(given)
  let faults: FaultReporter | undefined
  const log = tellFaults(tapped, { report: (...fault) => faults?.report(...fault) })
  const parts: Parts = { ...realParts, ...changed }
  const folder = await openDataFolder(config.dataFolder)
  const stops: (() => Promise<void> | void)[] = [folder.release]
  const stop = async (): Promise<void> => {
    // A part that cannot stop must not keep the others from stopping, such as the database and the lock.
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
    await folder.discard()
    throw error
  }

  async function build(): Promise<Server> {
    let isAdmitted = (): boolean => false
    const schema = toSchema(parts.services)
    const admit = async (channel: InvalidationChannel): Promise<void> => {
      const lock = await parts.admitNode(channel, config.valkeyUrl !== undefined, log)
      isAdmitted = lock.isHeld
      stops.push(lock.stop)
    }
    const secrets = await openLiveSecrets(config, folder.secrets, parts.clock)
    stops.push(followSecrets(secrets, folder.secrets, log))
    const running = await startDatabase(secrets, folder, log, parts.clock.now(), admit, schema)
    stops.push(running.stop)
    const { db, invalidations } = running
    // One clock decides what is due on all nodes: the database's.
    const followed = await followDatabaseClock(db, parts.clock)
    const { clock } = followed
    stops.push(followed.stop)
    await parts.assertTenancy(db)
    const keys = await openKeys(db, { folder: folder.secrets, env, nowMs: clock.now(), mayMake: true })
    stops.push(followKeys(folder.secrets, env, keys, log))

    let origin = ''
    const publicUrl = (): string => config.publicUrl ?? origin
    const publicPath = new URL(config.publicUrl ?? 'http://localhost').pathname.replace(/\/+$/, '')
    const onError = (error: unknown): void =>
      log.error('Something in the background failed', toErrorFields(error))
    const allow = parseEgressAllowance(config.egressAllow)
    warnOfOpenings(config, env, log)
    const dnsServers = config.dnsServers.flatMap((text) => parseNameServers(text))
    const sinks = openSinks(db, invalidations, clock)
    const egress: Egress = withSinks(parts.createEgress({ allow, dnsServers, dnsQueriesMax }), sinks)
    faults = createFaultReporter({
      clock,
      egress,
      randomBytes: parts.randomBytes,
      dsn: () => secrets.current('SENTRY_DSN'),
      release: `gatehouse@${packageJson.version}`,
    })
    stops.push(egress.close, faults.idle)
    const audit = parts.createAuditLog(keys.signing)
    const meter = config.metricsToken === undefined ? undefined : createMeter(clock.monotonic)
    const refusalLog = parts.createRefusalLog({ db, audit }, onError)
    const refusals = meter?.watchRefusals(refusalLog) ?? refusalLog
    const calls = parts.createCallLog(db, onError)
    stops.push(refusals.stop, calls.stop)
    const digests = parts.createKeyDigests(keys.pepper)
    const tokens = parts.createAccessTokens(keys.jwt)
    const sudoTokens = parts.createSudoTokens(keys.jwt)
    const sealer = parts.createSealer(keys.master)
    const disclosure = await openDisclosure(config)
    const billing = toBillingSettings(config, secrets)
    const keyedServices = toKeyedServices(parts.services, { billing, clock })
    const shapes = Object.fromEntries([...keyedServices].map(([name, { keyShape }]) => [name, keyShape]))
    const keyVerifier = parts.createKeyVerifier({
      db,
      digests,
      shapes,
      invalidations,
      clock,
      onError,
      findMembership,
    })
    const sessionVerifier = parts.createSessionVerifier({ db, tokens, invalidations, clock, findMembership })
    stops.push(keyVerifier.stop, sessionVerifier.stop)
    const limits = await openLimitStore(config.valkeyUrl, clock, log, parts.createMemoryStore)
    stops.push(limits.stop)
    const counted = parts.wrapLimitStore(limits.store)
    const limiter = createLimiter(meter?.watchLimits(counted) ?? counted, clock)
    const relay = config.smtpUrl === undefined ? undefined : parseRelay(config.smtpUrl)
    const mailer = createMailer({ relay, from: config.mailFrom, egress })
    const { randomBytes, chance } = parts
    const stopping = new AbortController()
    let askSelf = (_path: string): Promise<number> => Promise.reject(new Error('It does not listen yet'))
    const furnishOrg = toFurnishOrg(parts.services)
    const added = readAdded(config.symbols)
    const { feeds, stop: stopFeeds } = await openFeeds(config.feeds, added)
    stops.push(stopFeeds)
    const keyUse = {
      db,
      audit,
      clock,
      digests,
      services: keyedServices,
      furnishOrg,
      forget: invalidations.tell,
    }
    const lent: ServiceDeps = {
      db,
      audit,
      orgDesk: createOrgDesk(keyUse),
      ownKeys: createOwnKeys(keyUse),
      billing,
      askSelf: (path) => askSelf(path),
      chargeLimit: limiter.charge,
      clock,
      log,
      cursors: createCursors(keys.cursor),
      publicUrl,
      sealer,
      randomBytes,
      chance,
      egress,
      egressAllow: config.egressAllow,
      egressAllowOf: sinks.egressAllowOf,
      derivativeFeeds: config.derivativeFeeds,
      dnsServers,
      mailer,
      feeds,
      added,
      signingKey: keys.signing,
      signingPublicKeys: keys.signingPublicKeys,
      deriveKey: (info, version) => deriveKey(keys.master, info, version),
      news: invalidations,
      live: openLive({ db, invalidations, onError }, parts.services, stops),
      stopping: stopping.signal,
      listMemberNames: findUserNames,
      ...addressBook,
    }
    const postureDeps = composePosture({
      ...keyUse,
      lent,
      config,
      env,
      keys,
      secretsFolder: folder.secrets,
      schema,
      claims: parts.claims,
      modules: () => services,
      calls,
      tokens,
      sudoTokens,
      sinks,
      limits: toProbedLimits(limits, parts.wrapLimitStore, clock),
      tap,
    })
    const services: readonly ServiceModule[] = [
      buildService(definePlatform(parts.services), {
        ...lent,
        admins: config.admins,
        ...disclosure,
        tokens,
        sudoTokens,
        refusals,
        digests,
        forget: invalidations.tell,
        services: keyedServices,
        auditKeys: keys.signingPublicKeys,
        furnishOrg,
        instanceIssuer: toInstanceIssuer(config),
        registration: config.registration,
        personalTables: schema.personal,
        orgTables: schema.orgs,
      }),
      ...parts.services.map((service) => buildService(withAuditDoor(service), lent)),
      buildService(health, {
        db,
        invalidations,
        migrations: schema.migrations,
        areLimitsCounted: limits.isReachable,
        isAdmitted,
        impairments: () => services.flatMap(({ impairments = [] }) => impairments),
      }),
      buildService(wellKnown, {
        ...disclosure,
        publicKeys: keys.signingPublicKeys,
        clock,
        publicUrl,
        sbom: createRunningSbom(),
      }),
      buildService(posture, postureDeps),
      buildService(documentation, {
        publicUrl,
        listCredits: () => listCredits(db),
        openApi: () => buildOpenApi(parts.services),
        serviceOpenApi: (service) => buildOpenApi(parts.services, service),
        endpoints: () => describeModules(parts.services).flatMap(({ endpoints }) => endpoints),
      }),
      buildService(dashboard, {
        assets: readDashboard(publicPath),
        publicPath,
        programName: parts.services.find(({ programName }) => programName !== undefined)?.programName,
        clock,
      }),
    ].map(parts.wrapService)
    const toSecret = (id: string): Buffer => digests.digest(`mail:${id}`, digests.currentVersion)
    const mailQueue = bindQueue(
      createMailQueue(
        services.flatMap((service) => service.mails ?? []),
        { publicUrl, toSecret, onError },
      ),
    )
    const queues = [mailQueue, ...services.flatMap((service) => service.queues ?? [])]
    meter?.add([
      ...listOwnGauges({ db, clock }, [webhookQueueName, ...queues.map(({ name }) => name)]),
      ...services.flatMap((service) => service.gauges ?? []),
    ])
    const server = await listen(
      {
        clock,
        log,
        meter,
        metrics: meter && { ...meter, token: () => secrets.current('METRICS_TOKEN') },
        refusals,
        calls,
        limiter,
        trustedHops: config.trustedHops,
        selfToken: randomBytes(18).toString('base64url'),
        publicUrl,
        publicPath,
        verifyKey: (service, text, ip) =>
          andThen(keyVerifier.verify(service, text, ip), (verdict) => toProof(verdict, ip)),
        verifySession: async (text, ip) => toProof(await sessionVerifier.verify(text), ip),
        verifyMaster: createMasterVerifier(toMasterSecrets(config)),
        isInstanceAdmin: (userId) => isInstanceAdmin({ db, mailer, admins: config.admins }, userId),
        belongsElsewhere: (userId) => belongsElsewhere({ db }, userId),
        verifySudo: (text, member) => sudoTokens.verify(text, member, clock.now()),
        securityHeaders: parts.securityHeaders,
        judgeControlTokens: parts.judgeControlTokens,
        db,
        digests,
        preflightOrigins: config.allowedOrigins,
        news: invalidations,
        rereadKeys: keyVerifier.reread,
        takesQueryKeys: config.streamQueryKey === 'on',
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
    askSelf = server.askSelf
    stops.push(server.stop)
    const loops = await Promise.all(services.map((service) => service.start()))
    stops.push(async () => void (await Promise.all(loops.map((loop) => loop.stop()))))
    const jobs = await runJobs({
      db,
      jobs: [...services.flatMap((service) => service.jobs), ...joinServices(parts.services, lent)],
      recurring: [
        ...services.flatMap((service) => service.recurring),
        ...kernelRecurring({ db, audit, clock }, schema, keys.signing, config.auditAnchors),
        ...limits.recurring,
      ],
      concurrency: jobsAtOnce,
      // The worker's message quotes the error, so it is only logged.
      onError: (message) => log.error('A job failed', { error: message }),
    })
    stops.push(jobs.stop)
    const webhooks = startWebhookDelivery({
      db,
      clock,
      sealer,
      egress,
      invalidations,
      chance,
      onError,
      signingKey: keys.signing,
      ownSignatures: new Map(
        parts.services.flatMap(({ name, signWebhook: sign }) => (sign ? [[name, sign] as const] : [])),
      ),
      tell: tellWebhookOwners,
    })
    stops.push(webhooks.stop)
    for (const queue of queues) stops.push(queue.start({ db, clock, chance, invalidations, onError }).stop)
    // Requests stop first: no client waits for the jobs to finish, or for something that may never come.
    stops.push(server.stop, () => stopping.abort())
    const link = await createOwnerLink(lent)
    return {
      origin,
      ownerLink: link.open ? link.url : undefined,
      db,
      services,
      probe: postureDeps.probe,
      stop,
    }
  }
}
