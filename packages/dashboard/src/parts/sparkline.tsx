const width = 96
const height = 24

/** A small chart of recent values beside a figure; missing values break the line. */
export function Sparkline({
  values,
  label,
}: {
  readonly values: readonly (number | null)[]
  /** A textual description of the chart. */
  readonly label: string
}) {
  const known = values.filter((value) => value !== null)
  if (known.length < 2) return <span class="sparkline" role="img" aria-label={label} />
  const [low, high] = [Math.min(...known), Math.max(...known)]
  const span = high - low || 1
  const toPoint = (value: number, index: number): string => {
    const x = (index / (values.length - 1)) * width
    const y = height - 2 - ((value - low) / span) * (height - 4)
    return `${x.toFixed(1)} ${y.toFixed(1)}`
  }
  const path = values
    .map((value, index) => {
      if (value === null) return ''
      const isBegun = (values[index - 1] ?? null) !== null
      return `${isBegun ? 'L' : 'M'}${toPoint(value, index)}`
    })
    .join('')
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <path d={path} />
    </svg>
  )
}
