import type { Interaction } from './interaction.ts'

export const telemetryEventTypes = ['hover', 'scroll', 'alt_view', 'decision_committed'] as const

/** What a screen reports: something was looked at, or the person decided. */
export type TelemetryEventType = (typeof telemetryEventTypes)[number]

export type TelemetryEvent = {
  readonly seq: number
  readonly type: TelemetryEventType
  /** Permille of a scroll, slot of an alternative; null for the others. */
  readonly value: number | null
  readonly receivedAtMs: number
}

/** A nonce of this server, given out for one person in one session. */
export type IssuedNonce = {
  readonly operatorId: string
  readonly sessionId: string
  readonly issuedAtMs: number
  readonly expiresAtMs: number
  /** What it raised the grade of already. */
  readonly usedBy: string | null
}

/** Why evidence did not hold; the decision counts all the same (specification 9.4). */
export type EvidenceFault =
  | 'signature_invalid'
  | 'expired'
  | 'used'
  | 'mismatch'
  | 'incomplete'
  | 'gap'
  | 'late'
  | 'proof_invalid'

/** What this server saw a person do. */
export type Sighting = {
  readonly hoverEvents: number
  /** Permille. */
  readonly scrollDepth: number
  readonly alternativeViewsChecked: number
  /** From the nonce to the decision. */
  readonly elapsedMs: number
}

export type AnchorVerdict =
  | { readonly anchored: true; readonly sighting: Sighting }
  | { readonly anchored: false; readonly fault: EvidenceFault }

/** Whether what was seen of a session is whole and in time. A nonce that nothing is known of any more has expired. */
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
  /** What was claimed otherwise, by its name on the wire. */
  readonly discrepancies: readonly string[]
  readonly timeSource: 'client' | 'server'
}

/** The interaction with what was seen in place of what was claimed; a time is at most the one that was seen. */
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
