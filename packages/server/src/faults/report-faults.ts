import type { Clock } from '@gatehouse/kernel/clock'
import { egressDefaults, type Egress } from '@gatehouse/kernel/egress'
import type { Logger, LogFields } from '@gatehouse/kernel/log'
import { instanceOrgId } from '@gatehouse/kernel/principal'
import type { Secret } from '@gatehouse/kernel/secrets'
import { type FaultEvent, toFaultEvent } from './fault-event.ts'
import { parseSentryDsn } from './sentry-dsn.ts'

export type FaultReporter = {
  /** Reports a fault in the background; never throws. */
  readonly report: (sentence: string, fields: LogFields) => void
  /** Resolves once no report is being sent. */
  readonly idle: () => Promise<void>
}

type ReporterDeps = {
  readonly clock: Clock
  readonly egress: Egress
  readonly randomBytes: (length: number) => Buffer
  /** The present DSN, which can be replaced while the server runs. */
  readonly dsn: () => Secret | undefined
  readonly release: string
}

/** In each window of this length a repeated fault is reported once, and at most `perWindowMax` faults are reported. */
const windowMs = 60_000
const perWindowMax = 30
const underWayMax = 4
const timeoutMs = 5_000
/** The pause after a failure, or when Sentry asks for one without giving its length. */
const pauseMs = 60_000

/**
 * Reports faults to Sentry, as envelopes over our own egress; what cannot be sent is dropped, and remains in the log.
 */
export function createFaultReporter(deps: ReporterDeps): FaultReporter {
  const { clock, dsn } = deps
  let told = new Set<string>()
  let windowEndsMs = Number.NEGATIVE_INFINITY
  let silentUntilMs = Number.NEGATIVE_INFINITY
  const underWay = new Set<Promise<void>>()

  const isAdmitted = (about: string): boolean => {
    const nowMs = clock.monotonic()
    if (nowMs < silentUntilMs || underWay.size >= underWayMax) return false
    if (nowMs >= windowEndsMs) {
      told = new Set()
      windowEndsMs = nowMs + windowMs
    }
    if (told.has(about) || told.size >= perWindowMax) return false
    told.add(about)
    return true
  }

  const send = async (to: Secret, event: FaultEvent): Promise<void> => {
    try {
      const pauseSeconds = await sendEvent(deps, to, event)
      if (pauseSeconds !== undefined) silentUntilMs = clock.monotonic() + pauseSeconds * 1_000
    } catch {
      // Sentry may be unreachable; the fault is in the log. A try for every fault would only add load.
      silentUntilMs = clock.monotonic() + pauseMs
    }
  }

  return {
    report: (sentence, fields) => {
      const to = dsn()
      if (
        to === undefined ||
        !isAdmitted(`${sentence} ${String(fields.route)} ${String(fields.job)} ${String(fields.error)}`)
      )
        return
      const id = deps.randomBytes(16).toString('hex')
      const event = toFaultEvent({ id, atMs: clock.now(), release: deps.release, sentence, fields })
      const sending = send(to, event).finally(() => underWay.delete(sending))
      underWay.add(sending)
    },
    idle: async () => void (await Promise.all(underWay)),
  }
}

/** Sends an event. Resolves to the pause in seconds that the receiver asks for, if it does. */
export async function sendEvent(
  { egress, clock }: Pick<ReporterDeps, 'clock' | 'egress'>,
  dsn: Secret,
  event: FaultEvent,
): Promise<number | undefined> {
  const parsed = parseSentryDsn(dsn.reveal())
  if (parsed === undefined) throw new Error('This is no DSN of Sentry')
  const payload = JSON.stringify(event)
  const { hostname } = new URL(parsed.envelopeUrl)
  const { status, headers } = await egress.forOrg(instanceOrgId).request({
    url: parsed.envelopeUrl,
    method: 'POST',
    policy: {
      ...egressDefaults,
      userAgent: 'Gatehouse-Faults/1.0',
      hosts: [hostname.replace(/^\[|\]$/g, '').toLowerCase()],
      operatorConfigured: true,
    },
    timeoutMs,
    headers: {
      'content-type': 'application/x-sentry-envelope',
      'x-sentry-auth': `Sentry sentry_version=7, sentry_client=gatehouse/1.0, sentry_key=${parsed.publicKey}`,
    },
    body: [
      JSON.stringify({ event_id: event.event_id, sent_at: new Date(clock.now()).toISOString() }),
      JSON.stringify({ type: 'event', length: Buffer.byteLength(payload) }),
      payload,
      '',
    ].join('\n'),
  })
  if (status === 429) return Number(headers['retry-after']) || pauseMs / 1_000
  if (status >= 300) throw new Error(`Sentry answered ${status}`)
  return undefined
}

/** Wraps a log so that faults are reported as well. */
export function tellFaults(log: Logger, reporter: Pick<FaultReporter, 'report'>): Logger {
  return {
    ...log,
    error: (message, fields = {}) => {
      log.error(message, fields)
      reporter.report(message, fields)
    },
  }
}
