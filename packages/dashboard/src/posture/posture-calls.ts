import { gatehouse } from '../session.ts'

export type Posture = Awaited<ReturnType<typeof gatehouse.platform.posture.read>>
export type ShownClaim = Posture['claims'][number]
export type DayOfResults = Posture['trend'][number]

export function readPosture({ signal }: { readonly signal: AbortSignal }): Promise<Posture> {
  return gatehouse.platform.posture.read({}, { signal })
}
