import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { alertWords as says } from '../words/alert-words.ts'
import type { Sent } from './alert-calls.ts'

export type SentState = keyof typeof says.deliveryStates

const tones: Readonly<Record<SentState, Tone>> = {
  held: 'paused',
  queued: 'unknown',
  retrying: 'degraded',
  sent: 'ok',
  failed: 'down',
  suppressed: 'paused',
  merged: 'paused',
}

/** Maps the delivery states of webhooks to those of channels. */
export function toSentState({ kind, delivery }: Sent): SentState {
  if (kind === 'channel') return delivery.state
  switch (delivery.state) {
    case 'pending':
      return delivery.attemptsMade === 0 ? 'queued' : 'retrying'
    case 'delivered':
      return 'sent'
    case 'failed':
    case 'held':
      return delivery.state
  }
}

export function SentMark({ sent, isBare = false }: { readonly sent: Sent; readonly isBare?: boolean }) {
  const state = toSentState(sent)
  if (!isBare) return <StatusMark tone={tones[state]} text={says.deliveryStates[state]} />
  return (
    <>
      <StatusMark tone={tones[state]} />
      <span class="unseen">{says.deliveryStates[state]}</span>
    </>
  )
}
