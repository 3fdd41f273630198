/** By what somebody looked at a person's figures. */
export const viewWays = ['screen', 'api', 'export', 'own_record'] as const

export type ViewWay = (typeof viewWays)[number]

export const viewerKinds = ['member', 'key', 'link'] as const

/** A member, an API key, or whoever holds an access link to the own record. */
export type ViewerKind = (typeof viewerKinds)[number]

/** Looks that are closer to each other than this are one, so that a screen that polls costs a write now and then. */
export const lookGapMs = 900_000

export type NotedView = { readonly lastAtMs: number; readonly ways: readonly ViewWay[] }

/**
 * What a look asks for: nothing if it is part of the one before, a count if the reader has looked on that day, else an
 * entry in the chain too. People who look at their own record need no entry.
 */
export function judgeLook(
  noted: NotedView | undefined,
  way: ViewWay,
  isOwn: boolean,
  nowMs: number,
): 'nothing' | 'count' | 'entry' {
  if (noted?.ways.includes(way) === true && nowMs - noted.lastAtMs < lookGapMs) return 'nothing'
  if (isOwn) return 'count'
  return noted?.ways.some((one) => one !== 'own_record') === true ? 'count' : 'entry'
}
