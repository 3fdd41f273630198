/** The most that any endpoint accepts, whatever its schema says (H1, H3). */
export const jsonBounds = { depthMax: 32, nodesMax: 20_000, membersMax: 1_000 } as const

export type JsonVerdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly because: 'too_deep' | 'too_many_nodes' | 'too_many_members' }
  /** The path of a name that occurs twice in one object, which would make the object ambiguous. */
  | { readonly accepted: false; readonly because: 'named_twice'; readonly name: string }

const fine: JsonVerdict = { accepted: true }

const quote = 0x22
const backslash = 0x5c
const comma = 0x2c
const colon = 0x3a
const openArray = 0x5b
const closeArray = 0x5d
const openObject = 0x7b
const closeObject = 0x7d
const blankMax = 0x20

type Container = { readonly names: Set<string>; at: string | number }

/**
 * Judges the size of JSON before any of it is parsed, in one pass and without recursion. Every value is a node; a
 * member's name is not. For text that is no JSON either verdict is possible: parsing refuses it.
 */
export function judgeJson(bytes: Uint8Array, depthMax: number = jsonBounds.depthMax): JsonVerdict {
  const members = new Uint16Array(depthMax + 1)
  const containers: Container[] = []
  let textFrom = 0
  let depth = 0
  let nodes = 0
  let isInScalar = false
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    switch (byte) {
      case quote:
        textFrom = at
        at = toStringEnd(bytes, at)
        isInScalar = false
        nodes += 1
        break
      case openArray:
      case openObject:
        depth += 1
        if (depth > depthMax) return { accepted: false, because: 'too_deep' }
        members[depth] = 0
        containers[depth] = { names: new Set(), at: byte === openArray ? 0 : '' }
        isInScalar = false
        nodes += 1
        break
      case closeArray:
      case closeObject:
        depth = Math.max(0, depth - 1)
        isInScalar = false
        break
      case comma: {
        const container = containers[depth]
        if (typeof container?.at === 'number') container.at += 1
        isInScalar = false
        break
      }
      case colon: {
        // The string before the colon was a name, not a value.
        nodes -= 1
        isInScalar = false
        const count = (members[depth] ?? 0) + 1
        if (count > jsonBounds.membersMax) return { accepted: false, because: 'too_many_members' }
        members[depth] = count
        const container = containers[depth]
        if (container === undefined) break
        const name = toName(bytes, textFrom, at)
        container.at = name
        if (container.names.has(name))
          return { accepted: false, because: 'named_twice', name: toPlace(containers.slice(1, depth + 1)) }
        container.names.add(name)
        break
      }
      default:
        if (byte <= blankMax) isInScalar = false
        else if (!isInScalar) {
          isInScalar = true
          nodes += 1
        }
    }
    // A name whose colon has not been read yet may be counted in excess.
    if (nodes > jsonBounds.nodesMax + 1) return { accepted: false, because: 'too_many_nodes' }
  }
  return nodes > jsonBounds.nodesMax ? { accepted: false, because: 'too_many_nodes' } : fine
}

/** The name as parsed: two spellings of one name are the same. */
function toName(bytes: Uint8Array, from: number, colonAt: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + from, colonAt - from)
    .toString('utf8')
    .trimEnd()
  if (!text.includes('\\')) return text.slice(1, -1)
  try {
    return String(JSON.parse(text))
  } catch {
    return text
  }
}

function toPlace(containers: readonly Container[]): string {
  return containers
    .map(({ at }, index) => (typeof at === 'number' ? `[${at}]` : `${index === 0 ? '' : '.'}${at}`))
    .join('')
    .slice(0, 200)
}

function toStringEnd(bytes: Uint8Array, start: number): number {
  let at = start + 1
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1
  return at
}
