import type { CallLog } from '@gatehouse/kernel/audit'
import { readFacts } from '@gatehouse/kernel/db'
import type { Egress, NameServer } from '@gatehouse/kernel/egress'
import type { ServerConfig } from './config.ts'
import type { KeyMaterial } from './embedded/first-run.ts'
import { createProbeOrgs, type PlatformDeps } from './platform/index.ts'
import { listCertificates, listSecretFiles, toConfigFacts, toKeyFacts } from './posture-facts.ts'
import { toPosturePolicy } from './posture-figures.ts'
import { probeDeployment, type ProbeOptions } from './posture/probe-deployment.ts'
import type { ProbeResult } from './posture/run.ts'
import type { Sinks } from './posture/sinks.ts'
import type { ServiceModule, ServiceSchema } from './service/define-service.ts'
import type { LogTap } from './tap-log.ts'

/** What the prober needs of a server that is composed. */
export type PostureParts = Pick<
  PlatformDeps,
  'db' | 'audit' | 'clock' | 'digests' | 'furnishOrg' | 'forget' | 'tokens' | 'sudoTokens' | 'publicUrl'
> & {
  readonly config: ServerConfig
  readonly env: Readonly<Record<string, string | undefined>>
  readonly keys: KeyMaterial
  readonly secretsFolder: string
  readonly egress: Egress
  readonly dnsServers: readonly NameServer[]
  readonly schema: ServiceSchema
  readonly services: readonly ServiceModule[]
  readonly keyedServices: PlatformDeps['services']
  readonly calls: CallLog
  readonly sinks: Sinks
  readonly tap: () => LogTap
}

export type Prober = (options: ProbeOptions) => Promise<readonly ProbeResult[]>

/** Probes the server that these parts make up. */
export function createProber(parts: PostureParts): Prober {
  const { config, env, db, clock, services, schema, keys, digests, egress, sinks, keyedServices } = parts
  const policy = toPosturePolicy(services, schema)
  const probeOrgs = createProbeOrgs({
    ...parts,
    services: keyedServices,
    orgTables: schema.orgs,
    hasOtherNodes: config.valkeyUrl !== undefined,
  })
  const facts = {
    db,
    read: <Row extends object>(statement: string, values?: readonly unknown[]) =>
      readFacts<Row>(db, statement, values),
    clock,
    services,
    schema,
    policy,
    config: toConfigFacts(config, env),
    keys: toKeyFacts(keys),
    digests,
    signingPublicKeys: keys.signingPublicKeys,
    egress,
    listSecretFiles: () => listSecretFiles(parts.secretsFolder),
    deviations: [],
  }
  return (options) =>
    probeDeployment(
      {
        clock,
        policy,
        origin: parts.publicUrl,
        dnsServers: parts.dnsServers,
        listCertificates: () => listCertificates(config),
        probeOrgs,
        sinks,
        tapLog: parts.tap,
        facts,
      },
      options,
    )
}
