import { gatehouse } from './session.ts'

const channelName = 'gatehouse-proven'

/** Tells the page that waits, in whichever window of this browser, and leaves it the screen. */
export function tellProven(): void {
  const channel = new BroadcastChannel(channelName)
  channel.postMessage('proven')
  channel.close()
  close()
}

/**
 * Opens the organisation's sign-in server in a window of its own, and gives the ticket once somebody has signed in there
 * anew. Called in the very event of a press, since browsers open no window otherwise.
 */
export async function proveByIssuer(signal: AbortSignal): Promise<string> {
  const shown = open('about:blank', '_blank', 'popup,width=520,height=720')
  try {
    const { url, ticket } = await gatehouse.platform.sudo.byIssuer({ signal })
    if (shown === null) open(url, '_blank')
    else shown.location.href = url
    await untilProven(signal)
    return ticket
  } catch (error) {
    shown?.close()
    throw error
  }
}

function untilProven(signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const channel = new BroadcastChannel(channelName)
  channel.addEventListener('message', () => resolve())
  signal.addEventListener('abort', () => reject(new DOMException('Given up', 'AbortError')))
  return promise.finally(() => channel.close())
}
