import type { LogPlace } from '@gatehouse/kernel/delivery'
import { defineProblems } from '@gatehouse/kernel/problem'
import type { ServiceDeps } from './service-deps.ts'

const problems = defineProblems({ VALIDATION_ERROR: [400, 'The request is not valid'] })

type Deps = Pick<ServiceDeps, 'cursors'>

export type Page<Row> = {
  readonly entries: readonly Row[]
  readonly nextCursor: string | null
  readonly hasMore: boolean
}

/**
 * The position where the previous page ended; undefined without a cursor. Throws VALIDATION_ERROR for a cursor that
 * this instance did not make.
 */
export function openCursor(
  deps: Deps,
  list: string,
  orgId: string,
  cursor: string | undefined,
): string | undefined {
  if (cursor === undefined) return undefined
  const position = deps.cursors.open(list, orgId, cursor)
  if (position === undefined)
    throw problems.VALIDATION_ERROR({
      fields: [{ field: 'cursor', message: 'is not a cursor of this list' }],
    })
  return position
}

/** Makes a page of rows, of which one more than the limit was read; without a limit they are the whole page. */
export function toPage<Row>(
  deps: Deps,
  list: string,
  orgId: string,
  rows: readonly Row[],
  limit: number | undefined,
  toPosition: (row: Row) => string,
): Page<Row> {
  if (limit === undefined || rows.length <= limit) return { entries: rows, nextCursor: null, hasMore: false }
  const entries = rows.slice(0, limit)
  const last = entries.at(-1)
  const nextCursor = last === undefined ? null : deps.cursors.seal(list, orgId, toPosition(last))
  return { entries, nextCursor, hasMore: true }
}

/** The position at which a page of several destinations ended. */
export function toPlace({ id, destinationId }: LogPlace): string {
  return `${id}/${destinationId}`
}

export function openPlace(position: string | undefined): LogPlace | undefined {
  if (position === undefined) return undefined
  const [id = '', destinationId = ''] = position.split('/')
  return { id, destinationId }
}
