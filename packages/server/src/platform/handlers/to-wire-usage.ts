import type { WireUsage } from '../contract/usage.ts'
import type { UsageTable } from '../domain/to-usage-table.ts'

const statusClasses = ['1xx', '2xx', '3xx', '4xx', '5xx'] as const

export function toWireUsage({ days, calls, lines }: UsageTable): WireUsage {
  return {
    days: days.map((ms) => new Date(ms).toISOString().slice(0, 10)),
    calls,
    routes: lines.map(({ statusClass, perDay, ...line }) => ({
      ...line,
      statusClass: toStatusClass(statusClass),
      perDay: [...perDay],
    })),
  }
}

function toStatusClass(digit: number): (typeof statusClasses)[number] {
  const name = statusClasses[digit - 1]
  if (name === undefined) throw new Error(`No status begins with ${digit}`)
  return name
}
