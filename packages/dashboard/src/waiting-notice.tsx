import { useEffect, useState } from 'preact/hooks'
import { DoorNotice } from './door.tsx'
import { toSpan } from './to-ago.ts'
import { retryNow, type Waiting } from './wait-out.ts'
import { words } from './words.ts'

const says = words.waiting

/** Shown instead of the app while it is unknown whether the session is still valid. */
export function WaitingPage({ waiting }: { readonly waiting: Waiting }) {
  return (
    <DoorNotice title={says.title} text={says[waiting.because]}>
      <NextAttempt waiting={waiting} />
    </DoorNotice>
  )
}

/** Shown above a page while its session cannot be renewed. */
export function WaitingBanner({ waiting }: { readonly waiting: Waiting }) {
  return (
    <div class="notice" role="status">
      <strong>{says.title}</strong>
      <p>{says[waiting.because]}</p>
      <NextAttempt waiting={waiting} />
    </div>
  )
}

function NextAttempt({ waiting: { nextAtMs } }: { readonly waiting: Waiting }) {
  const [nowMs, setNowMs] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const leftMs = Math.max(0, (nextAtMs ?? 0) - nowMs)
  return (
    <>
      <p class="muted" role="timer">
        {nextAtMs === undefined || leftMs < 500 ? says.trying : says.next(toSpan(leftMs))}
      </p>
      <button type="button" onClick={retryNow}>
        {says.now}
      </button>
    </>
  )
}
