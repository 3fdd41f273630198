import type { Monitor } from '@gatehouse/sdk'
import type { QueryClient } from '@tanstack/react-query'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { monitorWords as says } from '../words/monitor-words.ts'
import { addLeaving, removeLeaving } from './leaving.ts'

const { monitors } = gatehouse.uptime
type Named = Pick<Monitor, 'id' | 'name'>

/** Pauses or resumes checks, with ten seconds to undo it. */
export async function setActive(queries: QueryClient, { id, name }: Named, isActive: boolean): Promise<void> {
  const settle = (): Promise<void> => queries.invalidateQueries({ queryKey: ['monitors'] })
  await (isActive ? monitors.resume(id) : monitors.pause(id))
  showToast(isActive ? says.resumedOne(name) : says.pausedOne(name), () => {
    void (isActive ? monitors.pause(id) : monitors.resume(id)).then(settle, settle)
  })
  await settle()
}

/** Deletes after ten seconds unless undone; until then the items are only hidden. */
export function deleteLater(
  queries: QueryClient,
  ids: readonly string[],
  text: string,
  work: () => Promise<unknown>,
): void {
  const settle = async (): Promise<void> => {
    await queries.invalidateQueries({ queryKey: ['monitors'] })
    removeLeaving(ids)
  }
  addLeaving(ids)
  showToast(
    text,
    () => removeLeaving(ids),
    () => {
      void work().then(settle, (error: unknown) => {
        removeLeaving(ids)
        showToast(error instanceof Error ? error.message : String(error))
      })
    },
  )
}
