import { networkInterfaces } from 'node:os'
import type { CallLog } from '@gatehouse/kernel/audit'
import type { Clock } from '@gatehouse/kernel/clock'
import { type Database, type Invalidations, readFacts, tryStatement } from '@gatehouse/kernel/db'
import type { LimitStore } from '@gatehouse/kernel/limits'
import type { ServerConfig } from './config.ts'
import type { KeyMaterial } from './embedded/first-run.ts'
import { hashBuild } from './hash-build.ts'
import { createLimiter } from './http/limiter.ts'
import { limitsWithoutStore, type OpenLimitStore } from './open-limit-store.ts'
import { listRunbookRecords, runbookIds } from './operations/runbook-records.ts'
import {
  createProbeOrgs,
  openSecurityIncident,
  type PlatformDeps,
  publishClaimFailed,
  toLanguage,
} from './platform/index.ts'
import { listDeviations } from './posture-deviations.ts'
import { listCertificates, listSecretFiles, toConfigFacts, toKeyFacts } from './posture-facts.ts'
import { toPosturePolicy } from './posture-figures.ts'
import type { Claim } from './posture/define-claim.ts'
import type { PostureDeps } from './posture/index.ts'
import type { DrilledRunbook, Inside } from './posture/inside.ts'
import { probeDeployment, type ProbeOptions } from './posture/probe-deployment.ts'
import type { ProbeResult } from './posture/run.ts'
import { createSinks, type Sinks } from './posture/sinks.ts'
import { findOwnAddress } from './posture/store/catalog-store.ts'
import { tellEveryNode } from './posture/usecases/tell-every-node.ts'
import type { ServiceModule, ServiceSchema } from './service/define-service.ts'
import type { ServiceDeps } from './service/service-deps.ts'
import type { LogTap } from './tap-log.ts'

/** The parts of a server under composition that the security page needs. */
export type PostureParts = Pick<
  PlatformDeps,
  'digests' | 'furnishOrg' | 'forget' | 'tokens' | 'sudoTokens' | 'services'
> & {
  readonly lent: ServiceDeps
  readonly config: ServerConfig
  readonly env: Readonly<Record<string, string | undefined>>
  readonly keys: KeyMaterial
  readonly secretsFolder: string
  readonly schema: ServiceSchema
  readonly claims: readonly Claim[]
  /** All running modules, including the security page itself; available once they are built. */
  readonly modules: () => readonly ServiceModule[]
  readonly calls: CallLog
  readonly sinks: Sinks
  readonly limits: Inside['limits']
  readonly tap: () => LogTap
}

/** Creates the receivers for probe runs; every node of this database is notified of them. */
export function openSinks(
  db: Database,
  { subscribe }: Pick<Invalidations, 'subscribe'>,
  { monotonic }: Clock,
): Sinks {
  return createSinks({ subscribe, tellAll: (subject) => tellEveryNode({ db }, subject) }, monotonic)
}

/** The limits as probes may test them: the running ones under the subject `nobody`, and the ones without a store. */
export function toProbedLimits(
  { remembersForMs, idlestMs }: OpenLimitStore,
  wrap: (store: LimitStore) => LimitStore,
  clock: Clock,
): Inside['limits'] {
  const withoutStore = createLimiter(wrap(limitsWithoutStore()), clock)
  return { chargeWithoutStore: withoutStore.charge, remembersForMs, idlestMs }
}

export type Prober = (options: ProbeOptions) => Promise<readonly ProbeResult[]>

/** Composes the security page; its `probe` probes the very server that these parts make up. */
export function composePosture(parts: PostureParts): PostureDeps {
  const { config, env, lent, schema, keys, digests, sinks, modules } = parts
  const { db, audit, clock, mailer } = lent
  const running = new Set<string>(parts.services.keys())
  const hasOtherNodes = config.valkeyUrl !== undefined
  const policy = () => toPosturePolicy(modules(), schema)
  const probeOrgs = createProbeOrgs({
    ...parts,
    ...lent,
    orgTables: schema.orgs,
    hasOtherNodes,
  })
  const deviations = listDeviations(config, env)
  const toFacts = () => ({
    db,
    read: <Row extends object>(statement: string, values?: readonly unknown[]) =>
      readFacts<Row>(db, statement, values),
    attempt: (role: string, statement: string) => tryStatement(db, role, statement),
    limits: parts.limits,
    clock,
    services: modules(),
    schema,
    policy: policy(),
    config: toConfigFacts(config, env),
    keys: toKeyFacts(keys),
    digests,
    signingPublicKeys: keys.signingPublicKeys,
    egress: lent.egress,
    listSecretFiles: () => listSecretFiles(parts.secretsFolder),
    listDrills: () => listDrills(config.dataFolder),
    deviations,
  })
  let underWay = 0
  return {
    ...lent,
    claims: parts.claims.filter(({ service }) => service === undefined || running.has(service)),
    policy,
    deviations,
    toLanguage,
    build: hashBuild,
    isScheduled: config.probes === 'on',
    openIncident: async (claim, title) =>
      void (await openSecurityIncident(
        { db, audit, clock, mailer },
        { because: { claim }, title, severity: 'high' },
      )),
    tellFailed: (claim, atMs) => publishClaimFailed({ db }, claim, atMs),
    eraseLeft: () => probeOrgs.eraseLeft(underWay > 0),
    probe: async (options) => {
      underWay += 1
      try {
        return await probeDeployment(
          {
            clock,
            policy: policy(),
            origin: lent.publicUrl,
            dnsServers: lent.dnsServers,
            listCertificates: () => listCertificates(config),
            probeOrgs,
            sinks,
            sinkHost: () => findSinkHost(db, hasOtherNodes),
            tapLog: parts.tap,
            facts: toFacts(),
          },
          options,
        )
      } finally {
        underWay -= 1
      }
    },
  }
}

const loopback = '127.0.0.1'

/**
 * The address of sinks: loopback if this node is alone, else the address by which the database sees this node, if that
 * belongs to this machine.
 */
async function findSinkHost(db: Database, hasOtherNodes: boolean): Promise<string> {
  if (!hasOtherNodes) return loopback
  const address = await findOwnAddress({ read: (statement, values) => readFacts(db, statement, values) })
  const own = Object.values(networkInterfaces()).flatMap((of = []) => of.map((one) => one.address))
  return address !== null && own.includes(address) ? address : loopback
}

async function listDrills(dataFolder: string): Promise<readonly DrilledRunbook[]> {
  const drills = await listRunbookRecords(dataFolder, { isDrill: true })
  return runbookIds.map((runbook) => ({ runbook, drill: drills.get(runbook) ?? null }))
}
