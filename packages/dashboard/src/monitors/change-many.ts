import { gatehouse } from '../session.ts'

export type BulkChange = {
  readonly isActive?: boolean
  readonly addTags?: string[]
  readonly removeTags?: string[]
}

/** As many as the server takes at once. */
const partMax = 100

export function changeMany(ids: readonly string[], change: BulkChange): Promise<void> {
  return inParts(ids, (monitorIds) =>
    gatehouse.uptime.monitors.changeSeveral({ ...change, monitorIds: [...monitorIds] }),
  )
}

/** One part after the other: each holds wholly or not at all. */
export async function inParts(
  ids: readonly string[],
  work: (part: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < ids.length; from += partMax) await work(ids.slice(from, from + partMax))
}
