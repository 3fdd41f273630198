import type { Check } from '@gatehouse/sdk'
import { words } from './words.ts'

const width = 600
const height = 96
const gap = 2

/** One bar a check; `checks` come newest first and are drawn oldest first. */
export function ResponseChart({ checks }: { readonly checks: readonly Check[] }) {
  const slowestMs = Math.max(1, ...checks.map(({ responseTimeMs }) => responseTimeMs ?? 0))
  const slot = width / Math.max(checks.length, 24)
  return (
    <svg
      class="chart"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={words.monitor.chart}
    >
      {checks.toReversed().map((check, index) => {
        const share = check.responseTimeMs === null ? 1 : check.responseTimeMs / slowestMs
        const tall = Math.max(4, share * height)
        return (
          <rect
            key={check.startedAt}
            class={check.outcome}
            x={index * slot}
            y={height - tall}
            width={slot - gap}
            height={tall}
            rx="2"
          />
        )
      })}
    </svg>
  )
}
