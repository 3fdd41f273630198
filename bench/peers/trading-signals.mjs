// JavaScript, because the types of what it imports are there only once the peers are installed.
import { getStandardDeviation, SMA } from 'trading-signals'

/** Takes returns; gives z once both windows are whole. Its deviation is that of an array, as its own bands take it. */
export function windows() {
  const returns = []
  const rvs = []
  const baseline = new SMA(240)
  return (value) => {
    returns.push(value)
    if (returns.length > 30) returns.shift()
    if (returns.length < 30) return undefined
    const rv = getStandardDeviation(returns)
    rvs.push(rv)
    if (rvs.length > 240) rvs.shift()
    const mean = baseline.update(rv, false)
    return rvs.length < 240 ? undefined : (rv - mean) / getStandardDeviation(rvs)
  }
}
