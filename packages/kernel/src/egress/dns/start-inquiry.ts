import { getDomain } from 'tldts'
import type { Clock } from '../../clock/index.ts'
import type { Answer } from './answer-cache.ts'
import { askUpstream } from './ask-upstream.ts'
import { DnsError, type DnsErrorCode } from './dns-error.ts'
import type { FailureCode, Question, Reply } from './dns-message.ts'
import type { FairSlots } from './fair-slots.ts'
import type { Upstream, Upstreams } from './upstreams.ts'

/** One question on its way through the upstreams. */
export type Inquiry = {
  /** Rejects with a DnsError, or with the plain Error of a fault of our own. */
  readonly reply: Promise<Extract<Reply, Answer>>
  /** What is known of a name without an answer so far. */
  readonly failure: () => DnsError
  /** This org waits for the answer as well: the inquiry may now use a slot of its share, too. */
  readonly join: (org: string) => void
  readonly cancel: () => void
}

export type InquiryDeps = {
  readonly upstreams: Upstreams
  readonly slots: FairSlots
  /** Fewer of them: a name whose first try went unanswered takes longer, and leaves room for the first tries of others. */
  readonly laterSlots: FairSlots
  readonly clock: Clock
  /** How long each try may take; there are as many tries as entries. */
  readonly triesMs: readonly number[]
}

export function startInquiry(deps: InquiryDeps, question: Question, firstOrg: string): Inquiry {
  const { upstreams, slots, laterSlots, clock, triesMs } = deps
  const controller = new AbortController()
  const lane = toLane(question.hostname)
  const orgs = new Set([firstOrg])
  /** Set while the inquiry waits for a slot. */
  let claim: ((org: string) => void) | undefined
  let worst: DnsErrorCode = 'ECONNREFUSED'

  const note = (code: FailureCode | 'ETIMEOUT'): void => {
    if (precedence.indexOf(code) > precedence.indexOf(worst)) worst = code
  }
  const failure = (): DnsError => new DnsError(worst, question.hostname)

  /** Waits in the queue of every org that wants the name, and takes the first slot that one of them gets. */
  const acquire = async (from: FairSlots): Promise<() => void> => {
    const { promise, resolve, reject } = Promise.withResolvers<() => void>()
    const settled = new AbortController()
    const signal = AbortSignal.any([controller.signal, settled.signal])
    claim = (org) => {
      const take = (release: () => void): void => {
        if (settled.signal.aborted) return release()
        settled.abort()
        resolve(release)
      }
      from.acquire({ org, lane }, signal).then(take, reject)
    }
    for (const org of orgs) claim(org)
    try {
      return await promise
    } finally {
      claim = undefined
    }
  }

  /** Between two tries the slot is somebody else's: a name without an answer must not sit on it. */
  const inquire = async (): Promise<Extract<Reply, Answer>> => {
    const candidates = [...upstreams.list()]
    for (const [attempt, timeoutMs] of triesMs.entries()) {
      const upstream = candidates.shift()
      if (upstream === undefined) break
      const admit = attempt === 0 ? undefined : await acquire(laterSlots)
      try {
        const release = await acquire(slots)
        const reply = await ask(upstream, timeoutMs, candidates).finally(release)
        if (reply !== undefined) return reply
      } finally {
        admit?.()
      }
    }
    throw failure()
  }

  /** Whoever may be asked again goes to the end of the line. */
  const ask = async (
    upstream: Upstream,
    timeoutMs: number,
    candidates: Upstream[],
  ): Promise<Extract<Reply, Answer> | undefined> => {
    const askedAtMs = clock.monotonic()
    const outcome = await askUpstream(upstream, question, timeoutMs, controller.signal)
    switch (outcome.kind) {
      case 'found':
      case 'missing':
        upstream.answeredAtMs = clock.monotonic()
        return outcome
      case 'failed':
        upstream.answeredAtMs = clock.monotonic()
        note(outcome.code)
        return undefined
      case 'silent':
        candidates.push(upstream)
        // Silence counts against the name only where the server was heard on other names in the same time.
        if (upstream.answeredAtMs >= askedAtMs) note('ETIMEOUT')
        else upstreams.demote(upstream)
        return undefined
      case 'unreachable':
        upstreams.demote(upstream)
        return undefined
    }
  }

  return {
    reply: inquire(),
    failure,
    join: (org) => {
      if (orgs.has(org)) return
      orgs.add(org)
      claim?.(org)
    },
    cancel: () => controller.abort(new DnsError('ECANCELLED', question.hostname)),
  }
}

/** The later, the more it says of the name itself rather than of our own name servers. */
const precedence: readonly DnsErrorCode[] = [
  'ECONNREFUSED',
  'EREFUSED',
  'ENOTIMP',
  'EFORMERR',
  'ETIMEOUT',
  'EBADRESP',
  'ESERVFAIL',
]

/** What somebody registered, by the public suffix list: names below it share turns, and `a.co.uk` and `b.co.uk` none. */
function toLane(hostname: string): string {
  return getDomain(hostname, { allowPrivateDomains: true }) ?? hostname
}
