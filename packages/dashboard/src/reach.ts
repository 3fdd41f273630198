import { useEffect, useState } from 'preact/hooks'

// Since when the server has been unreachable; undefined while it answers.
let lostAtMs: number | undefined
const listeners = new Set<() => void>()

addEventListener('offline', () => setLost(true))
addEventListener('online', () => tell())

/** Like `fetch`, and records whether an answer arrived. */
export async function fetchNoted(input: RequestInfo | URL, init?: RequestInit): Promise<Response> {
  try {
    const response = await fetch(input, init)
    setLost(false)
    return response
  } catch (error) {
    // A request that we aborted says nothing about the server.
    if (init?.signal?.aborted !== true) setLost(true)
    throw error
  }
}

export function useLostAt(): number | undefined {
  const [shown, setShown] = useState(lostAtMs)
  useEffect(() => {
    const show = (): void => setShown(lostAtMs)
    listeners.add(show)
    show()
    return () => void listeners.delete(show)
  }, [])
  return shown
}

function setLost(isLost: boolean): void {
  if (isLost === (lostAtMs !== undefined)) return
  lostAtMs = isLost ? Date.now() : undefined
  tell()
}

function tell(): void {
  for (const show of listeners) show()
}
