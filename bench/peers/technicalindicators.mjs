// JavaScript, because the types of what it imports are there only once the peers are installed.
import technical from 'technicalindicators'

const { SD, SMA } = technical

/** Takes returns; gives z once both windows are whole. */
export function windows() {
  const returns = new SD({ period: 30, values: [] })
  const spread = new SD({ period: 240, values: [] })
  const baseline = new SMA({ period: 240, values: [] })
  return (value) => {
    const rv = returns.nextValue(value)
    if (rv === undefined) return undefined
    const mean = baseline.nextValue(rv)
    const sigma = spread.nextValue(rv)
    return mean === undefined ? undefined : (rv - mean) / sigma
  }
}
