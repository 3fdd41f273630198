/** Spreads monitors over their interval: the first 8 bytes of SHA-256 of the id, modulo the interval (5.1). */
export function phaseMs(digest: Uint8Array, intervalMs: number): number {
  let seed = 0n
  for (const byte of digest.subarray(0, 8)) seed = (seed << 8n) | BigInt(byte)
  return Number(seed % BigInt(intervalMs))
}

/** The first slot of a monitor's grid strictly after `nowMs`; the grid is `phase + k × interval` from the epoch. */
export function nextSlotMs(nowMs: number, phase: number, intervalMs: number): number {
  return Math.floor((nowMs - phase) / intervalMs + 1) * intervalMs + phase
}

export type Lateness =
  | { readonly kind: 'on_time' }
  /** So late that slots were missed: it runs at `dueAtMs`, spread out; missed slots are counted but not run. */
  | { readonly kind: 'catch_up'; readonly dueAtMs: number; readonly missedSlots: number }

/** What to do with a due row (5.2): after an outage of ours, running all at once would resemble an attack. */
export function judgeLateness(
  dueAtMs: number,
  nowMs: number,
  phase: number,
  intervalMs: number,
  catchUpMsMax: number,
): Lateness {
  const lateMs = nowMs - dueAtMs
  if (lateMs <= intervalMs) return { kind: 'on_time' }
  return {
    kind: 'catch_up',
    dueAtMs: nowMs + (phase % Math.min(intervalMs, catchUpMsMax)),
    missedSlots: Math.floor(lateMs / intervalMs),
  }
}
