import type { Interaction } from './interaction.ts'

export const telemetryEventTypes = ['hover', 'scroll', 'alt_view', 'decision_committed'] as const

/** A telemetry event: something was viewed, or the person decided. */
export type TelemetryEventType = (typeof telemetryEventTypes)[number]

export type TelemetryEvent = {
  readonly seq: number
  readonly type: TelemetryEventType
  /** For a scroll, its depth in permille; for an alternative, its slot; null for other types. */
  readonly value: number | null
  readonly receivedAtMs: number
}

/** A nonce that this server issued for one operator and one session. */
export type IssuedNonce = {
  readonly operatorId: string
  readonly sessionId: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  /** The decision whose evidence grade it has already raised. */
  readonly usedBy: string | null
}

/** Why evidence was not accepted; the decision is counted anyway (specification 9.4). */
export type EvidenceFault =
  | 'signature_invalid'
  | 'expired'
  | 'used'
  | 'mismatch'
  | 'incomplete'
  | 'gap'
  | 'late'
  | 'proof_invalid'

/** The behaviour that this server observed through telemetry. */
export type Sighting = {
  readonly hoverEvents: number
  /** Permille. */
  readonly scrollDepth: number
  readonly alternativeViewsChecked: number
  /** Time from the issue of the nonce to the decision. */
  readonly elapsedMs: number
}

export type AnchorVerdict =
  | { readonly anchored: true; readonly sighting: Sighting }
  | { readonly anchored: false; readonly fault: EvidenceFault }

/** Whether a telemetry session is complete and in time. A nonce that is no longer stored has expired. */
export function judgeTelemetry(
  nonce: IssuedNonce | undefined,
  isSigned: boolean,
  events: readonly TelemetryEvent[],
  { operatorId, sessionId }: { readonly operatorId: string; readonly sessionId: string },
  rule: { readonly nowMs: number; readonly scoredWithinMs: number },
): AnchorVerdict {
  if (!isSigned) return { anchored: false, fault: 'signature_invalid' }
  if (nonce === undefined) return { anchored: false, fault: 'expired' }
  if (nonce.operatorId !== operatorId || nonce.sessionId !== sessionId)
    return { anchored: false, fault: 'mismatch' }
  if (nonce.usedBy !== null) return { anchored: false, fault: 'used' }
  const decided = events.find(({ type }) => type === 'decision_committed')
  if (decided === undefined)
    return { anchored: false, fault: rule.nowMs > nonce.expiresAtMs ? 'expired' : 'incomplete' }
  if (decided.receivedAtMs > nonce.expiresAtMs) return { anchored: false, fault: 'expired' }
  const seqs = new Set(events.map(({ seq }) => seq))
  if (seqs.size !== events.length || Math.max(...seqs) !== events.length)
    return { anchored: false, fault: 'gap' }
  if (rule.nowMs > decided.receivedAtMs + rule.scoredWithinMs) return { anchored: false, fault: 'late' }
  return { anchored: true, sighting: toSighting(nonce, events, decided) }
}

function toSighting(
  { issuedAtMs }: IssuedNonce,
  events: readonly TelemetryEvent[],
  decided: TelemetryEvent,
): Sighting {
  const of = (wanted: TelemetryEventType): readonly TelemetryEvent[] =>
    events.filter(({ type }) => type === wanted)
  return {
    hoverEvents: of('hover').length,
    scrollDepth: Math.max(0, ...of('scroll').map(({ value }) => value ?? 0)),
    alternativeViewsChecked: new Set(of('alt_view').map(({ value }) => value)).size,
    elapsedMs: Math.max(0, decided.receivedAtMs - issuedAtMs),
  }
}

export type Anchored = {
  readonly inputs: Interaction
  /** Wire names of the members whose claimed value differed from the observed one. */
  readonly discrepancies: readonly string[]
  readonly timeSource: 'client' | 'server'
}

/** Replaces claimed values with observed ones; a claimed duration is capped at the observed one. */
export function replaceClaims(claimed: Interaction, seen: Sighting): Anchored {
  const differs = (claim: number | null, sighted: number): boolean => claim !== null && claim !== sighted
  const isSlower = claimed.timeToDecisionMs > seen.elapsedMs
  return {
    inputs: {
      ...claimed,
      hoverEvents: seen.hoverEvents,
      scrollDepth: seen.scrollDepth,
      alternativeViewsChecked: seen.alternativeViewsChecked,
      timeToDecisionMs: Math.min(claimed.timeToDecisionMs, seen.elapsedMs),
    },
    discrepancies: [
      ...(differs(claimed.hoverEvents, seen.hoverEvents) ? ['hover_events'] : []),
      ...(differs(claimed.scrollDepth, seen.scrollDepth) ? ['scroll_depth'] : []),
      ...(differs(claimed.alternativeViewsChecked, seen.alternativeViewsChecked)
        ? ['alternative_views_checked']
        : []),
      ...(isSlower ? ['time_to_decision_ms'] : []),
    ],
    timeSource: isSlower ? 'server' : 'client',
  }
}
