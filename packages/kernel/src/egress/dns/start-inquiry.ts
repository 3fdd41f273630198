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
  readonly cancel: () => void
}

export type InquiryDeps = {
  readonly upstreams: Upstreams
  readonly slots: FairSlots
  readonly clock: Clock
  /** How long each try may take; there are as many tries as entries. */
  readonly triesMs: readonly number[]
}

export function startInquiry(deps: InquiryDeps, question: Question): Inquiry {
  const { upstreams, slots, clock, triesMs } = deps
  const controller = new AbortController()
  let worst: DnsErrorCode = 'ECONNREFUSED'

  const note = (code: FailureCode | 'ETIMEOUT'): void => {
    if (precedence.indexOf(code) > precedence.indexOf(worst)) worst = code
  }
  const failure = (): DnsError => new DnsError(worst, question.hostname)

  const inquire = async (): Promise<Extract<Reply, Answer>> => {
    const release = await slots.acquire(toZone(question.hostname), controller.signal)
    try {
      const candidates = [...upstreams.list()]
      for (const timeoutMs of triesMs) {
        const upstream = candidates.shift()
        if (upstream === undefined) break
        const reply = await ask(upstream, timeoutMs, candidates)
        if (reply !== undefined) return reply
      }
      throw failure()
    } finally {
      release()
    }
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

/** The last two labels: whoever makes up names below one domain shares its turns. */
function toZone(hostname: string): string {
  return hostname.split('.').slice(-2).join('.')
}
