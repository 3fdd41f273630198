import { useRef } from 'preact/hooks'

/** A repeated request within this time after success counts as the same; longer than any double click. */
const sameWishMs = 1_000

type Wish<Made> = {
  readonly text: string
  readonly idempotencyKey: string
  readonly made: Promise<Made>
  /** Undefined while the request is running, and after it has failed. */
  grantedAtMs: number | undefined
  hasFailed: boolean
}

/**
 * Sends a request once, however often the button is clicked: a second click gets the same result, and a retry after a
 * lost reply uses the same `Idempotency-Key`, so that the server carries it out once.
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

/** `crypto.randomUUID` is not available over plain HTTP. */
function toRandomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
