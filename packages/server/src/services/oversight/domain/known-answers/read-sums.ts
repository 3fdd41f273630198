import { type CounterName, positionOf } from '../counters.ts'

/** Parses sums as the specification writes them: `rel 100, n1 15, a1 25.5`. */
export function readSums(text: string): Partial<Record<CounterName, number>> {
  const sums: Partial<Record<CounterName, number>> = {}
  for (const part of text.split(', ')) {
    const [name = '', value] = part.split(' ')
    if (!isCounter(name)) throw new Error(`There is no counter ${name}`)
    sums[name] = Number(value)
  }
  return sums
}

function isCounter(name: string): name is CounterName {
  const known: ReadonlyMap<string, number> = positionOf
  return known.has(name)
}
