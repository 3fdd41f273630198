/** Milliseconds on a monotonic clock that all threads share, unlike `performance.now()`. */
export function steadyMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}
