import { randomInt } from 'node:crypto'
import { createEgress, type NameServer, noAllowance } from '@gatehouse/kernel/egress'
import type { Clock } from '@gatehouse/kernel/clock'
import type { ProbeOrg, ProbeOrgs } from '../service/probe-orgs.ts'
import type { Inside } from './inside.ts'
import { listenSink } from './listen-sink.ts'
import { openTarget } from './open-target.ts'
import type { PosturePolicy } from './posture-policy.ts'
import { type ProbeResult, runClaims, type RunOptions } from './run.ts'
import type { Sinks } from './sinks.ts'

export type DeploymentDeps = {
  readonly clock: Clock
  readonly policy: PosturePolicy
  /** Where people reach the deployment, without a slash at its end. */
  readonly origin: () => string
  readonly dnsServers: readonly NameServer[]
  /** Certificates that the deployment serves itself: it trusts what it was given. */
  readonly listCertificates: () => Promise<readonly string[]>
  readonly probeOrgs: ProbeOrgs
  readonly sinks: Sinks
  /** Of this machine, where the nodes that check and deliver for the run reach its receiver. */
  readonly sinkHost: () => Promise<string>
  /** What does not change from probe to probe. */
  readonly facts: Omit<Inside, 'target' | 'sink' | 'logged'>
  /** Begins to remember what is logged; the second function says it, the first ends it. */
  readonly tapLog: () => { readonly logged: () => readonly string[]; readonly end: () => void }
}

const orgsOfRun = 2
/**
 * Calls of one pair of orgs, before the next probe gets a new pair: the limits of its owners and keys (L2, L3) are not
 * to refuse a probe what another one has used up.
 */
const callsOfOrgsMax = 20
const requestsMax = 1_000

export type ProbeOptions = Pick<
  RunOptions,
  'claims' | 'mayGoOn' | 'onProgress' | 'onResult' | 'restMsMax' | 'signal'
>

/** Probes this very deployment: over its network, from inside, and through a sink that its throw-away orgs may reach. */
export async function probeDeployment(
  deps: DeploymentDeps,
  options: ProbeOptions,
): Promise<readonly ProbeResult[]> {
  const { clock, policy, dnsServers, probeOrgs, sinks } = deps
  const egress = createEgress({
    allow: noAllowance,
    dnsServers,
    trustedCertificates: await deps.listCertificates(),
  })
  const sink = await listenSink(await deps.sinkHost())
  let shared: readonly ProbeOrg[] = []
  let sharedCalls = 0
  try {
    return await runClaims({
      ...options,
      clock,
      policy,
      lend: async (claim, signal, work) => {
        const isOwn = claim.orgs === 'own'
        const orgs = isOwn ? await openOrgs() : await takeShared()
        const tap = deps.tapLog()
        const nextAddress = toSourceAddresses(deps.origin())
        try {
          const requests = claim.requestsMax ?? requestsMax
          const target = openTarget({
            origin: deps.origin(),
            egress,
            orgs,
            signal,
            requestsMax: requests,
            nextAddress,
            onCall: ({ credential }) => {
              if (!isOwn && credential !== undefined) sharedCalls += 1
            },
          })
          const inside: Inside = { ...deps.facts, target, sink, logged: tap.logged }
          return await work({ target, inside, sink })
        } finally {
          tap.end()
          if (isOwn) await eraseOrgs(orgs)
        }
      },
    })
  } finally {
    await eraseOrgs(shared)
    egress.close()
    await sink.close()
  }

  async function takeShared(): Promise<readonly ProbeOrg[]> {
    if (sharedCalls < callsOfOrgsMax && shared.length > 0) return shared
    const used = shared
    shared = await openOrgs()
    sharedCalls = 0
    await eraseOrgs(used)
    return shared
  }

  async function openOrgs(): Promise<readonly ProbeOrg[]> {
    const orgs = await probeOrgs.open(orgsOfRun)
    await sinks.allow(toIds(orgs), sink.address)
    return orgs
  }

  async function eraseOrgs(orgs: readonly ProbeOrg[]): Promise<void> {
    await sinks.forbid(toIds(orgs))
    await probeOrgs.erase(orgs)
  }
}

function toIds(orgs: readonly ProbeOrg[]): readonly string[] {
  return orgs.map(({ orgId }) => orgId)
}

/** On loopback, Linux lets a connection come from any of its sixteen million addresses. */
function toSourceAddresses(origin: string): () => string | undefined {
  const isLoopback = new URL(origin).hostname.startsWith('127.') && process.platform === 'linux'
  return () => (isLoopback ? `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}` : undefined)
}
