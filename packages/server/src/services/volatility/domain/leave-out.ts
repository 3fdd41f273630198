type Members = Readonly<Record<string, unknown>>

const gone = Symbol('gone')

/**
 * An object without what names a hidden symbol. Entries of lists and members of maps go that are one, that have one
 * among their members, or of whose lists nothing is left; lists of the object itself stay, if empty. Undefined where the
 * object itself is about a hidden symbol.
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
