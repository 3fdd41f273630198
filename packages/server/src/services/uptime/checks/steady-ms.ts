/** Milliseconds on a scale that nobody sets and that is the same in every thread, unlike `performance.now()`. */
export function steadyMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000
}
