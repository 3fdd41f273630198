import { gatehouse } from './session.ts'

const channelName = 'gatehouse-proven'

/** Notifies the waiting page, in any window of this browser, and closes this window. */
export function tellProven(): void {
  const channel = new BroadcastChannel(channelName)
  channel.postMessage('proven')
  channel.close()
  close()
}

/**
 * Opens the identity provider's log-in in a new window, and resolves to the ticket once the user has signed in again.
 * Must be called directly in a click event, because browsers block the window otherwise.
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
