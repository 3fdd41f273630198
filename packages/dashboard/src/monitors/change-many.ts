import { gatehouse } from '../session.ts'

export type BulkChange = {
  readonly isActive?: boolean
  readonly addTags?: string[]
  readonly removeTags?: string[]
}

/** The server's limit per call. */
const partMax = 100

export function changeMany(ids: readonly string[], change: BulkChange): Promise<void> {
  return inParts(ids, (monitorIds) =>
    gatehouse.uptime.monitors.changeSeveral({ ...change, monitorIds: [...monitorIds] }),
  )
}

/** Sends the parts one after the other; each is applied completely or not at all. */
export async function inParts(
  ids: readonly string[],
  work: (part: readonly string[]) => Promise<unknown>,
): Promise<void> {
  for (let from = 0; from < ids.length; from += partMax) await work(ids.slice(from, from + partMax))
}
