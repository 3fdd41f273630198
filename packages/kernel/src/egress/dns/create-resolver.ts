import { systemClock, type Clock } from '../../clock/index.ts'
import type { ResolveAlias } from '../look-up-aliases.ts'
import type { ResolveTexts } from '../look-up-texts.ts'
import type { Resolve } from '../resolve-target.ts'
import { cacheRules, createAnswerCache, toAnswer, toKey, type Answer } from './answer-cache.ts'
import { DnsError } from './dns-error.ts'
import type { Question } from './dns-message.ts'
import { createFairSlots, type FairSlots } from './fair-slots.ts'
import { openHostsFile, toHostsPath } from './hosts-file.ts'
import { lookUpAddresses, toAddresses } from './look-up-addresses.ts'
import type { NameServer } from './name-servers.ts'
import { startInquiry, type Inquiry } from './start-inquiry.ts'
import { createUpstreams } from './upstreams.ts'

export type Resolver = {
  /** Rejects with a DnsError; on abort immediately, with what is known of the name so far. */
  readonly resolve: Resolve
  /** The TXT records of a name, never from the cache. Rejects like `resolve`. */
  readonly resolveTexts: ResolveTexts
  /** The name that a CNAME record of this name gives, never from the cache. Rejects like `resolve`. */
  readonly resolveAlias: ResolveAlias
  /** Aborts every query; look-ups under way reject with the code ECANCELLED. */
  readonly close: () => void
}

export type ResolverLimits = {
  readonly inFlightMax: number
  /** The most of these queries on behalf of one org. */
  readonly inFlightPerOrgMax: number
  /** The most of these queries for names below one registered domain. */
  readonly inFlightPerDomainMax: number
  readonly answersMax: number
  /** How long each try of a question may take, in milliseconds; the tries go through the upstreams in turn. */
  readonly triesMs: readonly number[]
}

export type ResolverOptions = {
  /** The name servers to ask. Default: those that the machine is configured with. */
  readonly servers?: readonly NameServer[]
  readonly clock?: Clock
  readonly hostsPath?: string
  readonly limits?: Partial<ResolverLimits>
}

const defaultLimits: ResolverLimits = {
  inFlightMax: 200,
  inFlightPerOrgMax: 100,
  inFlightPerDomainMax: 50,
  answersMax: cacheRules.answersMax,
  // Ten seconds in all, the default timeout of a check; the first try is short, for a lost datagram or a dead server.
  triesMs: [1_000, 1_500, 2_500, 5_000],
}

/** The share of the queries that may be later tries, which take longer than first ones. */
const laterShare = 0.5

type Flight = Inquiry & { readonly answer: Promise<Answer>; waiters: number }

/**
 * A resolver that queries name servers itself, because the system's look-ups share four threads with all file access of
 * the process.
 */
export function createResolver({
  servers = [],
  clock = systemClock,
  hostsPath = toHostsPath(),
  limits = {},
}: ResolverOptions = {}): Resolver {
  const { inFlightMax, inFlightPerOrgMax, inFlightPerDomainMax, answersMax, triesMs } = {
    ...defaultLimits,
    ...limits,
  }
  const upstreams = createUpstreams(servers, clock)
  const toSlots = (share: number): FairSlots =>
    createFairSlots({
      slots: Math.ceil(inFlightMax * share),
      slotsPerOrg: Math.ceil(inFlightPerOrgMax * share),
      slotsPerLane: Math.ceil(inFlightPerDomainMax * share),
    })
  const slots = toSlots(1)
  const laterSlots = toSlots(laterShare)
  const cache = createAnswerCache(clock, answersMax)
  const hosts = openHostsFile(hostsPath, clock)
  /** One flight per question, however many callers wait for its answer. */
  const flights = new Map<string, Flight>()
  let closed = false

  const depart = (question: Question, key: string, org: string): Flight => {
    const inquiry = startInquiry({ upstreams, slots, laterSlots, clock, triesMs }, question, org)
    const answer = inquiry.reply.then((reply) => {
      cache.insert(question, reply)
      return toAnswer(reply)
    })
    const flight = { ...inquiry, answer, waiters: 0 }
    flights.set(key, flight)
    return flight
  }

  const join = async (question: Question, org: string, signal: AbortSignal): Promise<Answer> => {
    const key = toKey(question)
    const flight = flights.get(key) ?? depart(question, key, org)
    flight.join(org)
    const givenUp = Promise.withResolvers<never>()
    const giveUp = (): void => givenUp.reject(flight.failure())
    signal.addEventListener('abort', giveUp)
    flight.waiters += 1
    try {
      return await Promise.race([flight.answer, givenUp.promise])
    } finally {
      signal.removeEventListener('abort', giveUp)
      flight.waiters -= 1
      if (flight.waiters === 0) {
        flights.delete(key)
        flight.cancel()
      }
    }
  }

  const lookUp = async (
    hostname: string,
    signal: AbortSignal,
    { fresh, org }: { readonly fresh: boolean; readonly org: string },
  ): Promise<readonly string[]> => {
    if (closed) throw new DnsError('ECANCELLED', hostname)
    const local = hosts.find(hostname)
    if (local.length > 0) return local
    const find = (question: Question): Answer | undefined => (fresh ? undefined : cache.find(question))
    const ipv4 = find({ hostname, type: 'A' })
    const ipv6 = find({ hostname, type: 'AAAA' })
    if (ipv4 !== undefined && ipv6 !== undefined) return toAddresses(hostname, ipv4, ipv6)
    return lookUpAddresses(
      async (question, until) => find(question) ?? join(question, org, until),
      hostname,
      signal,
    )
  }

  const findFresh = async (
    question: Question,
    { signal, org = '' }: { readonly signal: AbortSignal; readonly org?: string },
  ): Promise<readonly string[]> => {
    signal.throwIfAborted()
    if (closed) throw new DnsError('ECANCELLED', question.hostname)
    const answer = await join(question, org, signal)
    return answer.kind === 'found' ? answer.values : []
  }

  return {
    resolve: async (hostname, { signal, fresh = false, org = '' }) => {
      signal.throwIfAborted()
      const addresses = await lookUp(hostname, signal, { fresh, org })
      return addresses.map((address) => ({ address }))
    },
    resolveTexts: (hostname, options) => findFresh({ hostname, type: 'TXT' }, options),
    resolveAlias: async (hostname, options) => (await findFresh({ hostname, type: 'CNAME' }, options))[0],
    close: () => {
      closed = true
      for (const flight of flights.values()) flight.cancel()
    },
  }
}
