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
  /** The URL of the deployment, without a trailing slash. */
  readonly origin: () => string
  readonly dnsServers: readonly NameServer[]
  /** The certificates that the deployment itself uses; its probes trust them. */
  readonly listCertificates: () => Promise<readonly string[]>
  readonly probeOrgs: ProbeOrgs
  readonly sinks: Sinks
  /** The address of this machine at which the nodes that check and deliver for the run reach its sink. */
  readonly sinkHost: () => Promise<string>
  /** The facts that are the same for every probe. */
  readonly facts: Omit<Inside, 'target' | 'sink' | 'logged'>
  /** Starts to record log lines; `logged` returns them, and `end` stops the recording. */
  readonly tapLog: () => { readonly logged: () => readonly string[]; readonly end: () => void }
}

const orgsOfRun = 2
/**
 * The calls of a pair of orgs after which the next probe gets a new pair, so that no probe is refused because another
 * one has used up the limits of their owners and keys (L2, L3).
 */
const callsOfOrgsMax = 20
const requestsMax = 1_000

export type ProbeOptions = Pick<
  RunOptions,
  'claims' | 'mayGoOn' | 'onProgress' | 'onResult' | 'restMsMax' | 'signal'
>

/**
 * Probes this deployment itself: over its network, from inside, and through a sink that its temporary orgs may reach.
 */
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

/** Makes a function that returns source addresses: on loopback, Linux accepts any of its sixteen million addresses. */
function toSourceAddresses(origin: string): () => string | undefined {
  const isLoopback = new URL(origin).hostname.startsWith('127.') && process.platform === 'linux'
  return () => (isLoopback ? `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}` : undefined)
}
