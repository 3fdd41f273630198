import { useRef } from 'preact/hooks'

/** For this long after it was granted, the same wish is the same wish: longer than any double press. */
const sameWishMs = 1_000

type Wish<Made> = {
  readonly text: string
  readonly idempotencyKey: string
  readonly made: Promise<Made>
  /** Undefined while it is under way, and after it has failed. */
  grantedAtMs: number | undefined
  hasFailed: boolean
}

/**
 * Carries out a wish once, however often it is pressed: a second press of the same is answered like the first, and one after
 * an answer that was lost goes out under the same `Idempotency-Key`, which the server carries out once.
 */
export function useOnce<Wanted, Made>(
  work: (wanted: Wanted, idempotencyKey: string) => Promise<Made>,
): (wanted: Wanted) => Promise<Made> {
  const last = useRef<Wish<Made> | undefined>(undefined)
  return (wanted) => {
    const text = JSON.stringify(wanted)
    const before = last.current?.text === text ? last.current : undefined
    if (before !== undefined && isSameWish(before)) return before.made
    const idempotencyKey = before?.hasFailed === true ? before.idempotencyKey : toRandomKey()
    const made = work(wanted, idempotencyKey)
    const wish: Wish<Made> = { text, idempotencyKey, made, grantedAtMs: undefined, hasFailed: false }
    last.current = wish
    made.then(
      () => (wish.grantedAtMs = Date.now()),
      () => (wish.hasFailed = true),
    )
    return made
  }
}

function isSameWish({ grantedAtMs, hasFailed }: Wish<unknown>): boolean {
  if (hasFailed) return false
  return grantedAtMs === undefined || Date.now() - grantedAtMs < sameWishMs
}

/** Not `crypto.randomUUID`, which pages over plain HTTP lack. */
function toRandomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
