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
  /** Rejects with a DnsError, or with a plain Error after a fault of this program. */
  readonly reply: Promise<Extract<Reply, Answer>>
  /** The error that says what is known of the name while there is no answer. */
  readonly failure: () => DnsError
  /** Adds an org that waits for the answer, so that the inquiry may also use a slot of that org's share. */
  readonly join: (org: string) => void
  readonly cancel: () => void
}

export type InquiryDeps = {
  readonly upstreams: Upstreams
  readonly slots: FairSlots
  /**
   * Slots for later tries, fewer than for first ones: a name whose first try was not answered takes longer, and must
   * leave room for the first tries of others.
   */
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

  /** The slot is released between two tries, so that a name without an answer does not occupy it. */
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

  /** An upstream that may be asked again goes to the end of the list. */
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
        // A timeout counts against the name only if the server answered for other names in the same time.
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

/** Codes in the order of what they say: a later one says more of the name itself, and less of our own name servers. */
const precedence: readonly DnsErrorCode[] = [
  'ECONNREFUSED',
  'EREFUSED',
  'ENOTIMP',
  'EFORMERR',
  'ETIMEOUT',
  'EBADRESP',
  'ESERVFAIL',
]

/**
 * The registered domain of a name, by the public suffix list. Names below it share turns; `a.co.uk` and `b.co.uk` share
 * none.
 */
function toLane(hostname: string): string {
  return getDomain(hostname, { allowPrivateDomains: true }) ?? hostname
}
