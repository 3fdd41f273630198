type Members = Readonly<Record<string, unknown>>

const gone = Symbol('gone')

/**
 * Removes everything about hidden symbols from an object. An entry of a list or a member of a map is removed if it is
 * a hidden symbol, names one, or has a list that becomes empty; lists of the object itself stay, even if empty.
 * Undefined if the object itself is about a hidden symbol.
 */
export function leaveOut(value: Members, isHidden: (name: string) => boolean): Members | undefined {
  const kept = Object.entries(value).flatMap(([name, member]): readonly (readonly [string, unknown])[] => {
    if (isHidden(name)) return []
    const left = Array.isArray(member) ? listWithout(member, isHidden) : without(member, isHidden)
    return [[name, left]]
  })
  return kept.some(([, member]) => member === gone) ? undefined : Object.fromEntries(kept)
}

function without(value: unknown, isHidden: (name: string) => boolean): unknown {
  if (typeof value === 'string') return isHidden(value) ? gone : value
  if (Array.isArray(value)) {
    const kept = listWithout(value, isHidden)
    return kept.length === 0 && value.length > 0 ? gone : kept
  }
  if (typeof value !== 'object' || value === null) return value
  const members: [string, unknown][] = []
  for (const [name, member] of Object.entries(value)) {
    if (isHidden(name)) continue
    const left = without(member, isHidden)
    if (left === gone) return gone
    members.push([name, left])
  }
  return Object.fromEntries(members)
}

function listWithout(list: readonly unknown[], isHidden: (name: string) => boolean): readonly unknown[] {
  return list.map((one) => without(one, isHidden)).filter((one) => one !== gone)
}
