import type { CallLog } from '@gatehouse/kernel/audit'
import { readFacts } from '@gatehouse/kernel/db'
import type { ServerConfig } from './config.ts'
import type { KeyMaterial } from './embedded/first-run.ts'
import { createBuildHash } from './hash-build.ts'
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
import type { DrilledRunbook } from './posture/inside.ts'
import { probeDeployment, type ProbeOptions } from './posture/probe-deployment.ts'
import type { ProbeResult } from './posture/run.ts'
import type { Sinks } from './posture/sinks.ts'
import type { ServiceModule, ServiceSchema } from './service/define-service.ts'
import type { ServiceDeps } from './service/service-deps.ts'
import type { LogTap } from './tap-log.ts'

/** What the security page needs of a server that is being composed. */
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
  /** All that run, the security page among them: known once they are built. */
  readonly modules: () => readonly ServiceModule[]
  readonly calls: CallLog
  readonly sinks: Sinks
  readonly tap: () => LogTap
}

export type Prober = (options: ProbeOptions) => Promise<readonly ProbeResult[]>

/** What the security page stands on; its `probe` probes the very server that these parts make up. */
export function composePosture(parts: PostureParts): PostureDeps {
  const { config, env, lent, schema, keys, digests, sinks, modules } = parts
  const { db, audit, clock, mailer } = lent
  const running = new Set<string>(parts.services.keys())
  const policy = () => toPosturePolicy(modules(), schema)
  const probeOrgs = createProbeOrgs({
    ...parts,
    ...lent,
    orgTables: schema.orgs,
    hasOtherNodes: config.valkeyUrl !== undefined,
  })
  const deviations = listDeviations(config, env)
  const toFacts = () => ({
    db,
    read: <Row extends object>(statement: string, values?: readonly unknown[]) =>
      readFacts<Row>(db, statement, values),
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
    build: createBuildHash(),
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

async function listDrills(dataFolder: string): Promise<readonly DrilledRunbook[]> {
  const drills = await listRunbookRecords(dataFolder, { isDrill: true })
  return runbookIds.map((runbook) => ({ runbook, drill: drills.get(runbook) ?? null }))
}
