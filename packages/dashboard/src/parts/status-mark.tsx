/** The tones for anything that has a healthy or unhealthy state. */
export type Tone =
  | 'ok'
  | 'degraded'
  | 'down'
  | 'maintenance'
  | 'unknown'
  | 'paused'
  | 'confirming'
  | 'neverUp'

// Each state has its own shape, for readers who cannot tell the colours apart; strokes are in the text colour.
const shapes: Readonly<Record<Tone, string>> = {
  ok: 'M5 1a4 4 0 1 0 0 8 4 4 0 0 0 0-8',
  degraded: 'M5 .6 9.4 5 5 9.4 .6 5z',
  down: 'M1.2 1.2h7.6v7.6H1.2z',
  maintenance: 'M.8 3.6h8.4v2.8H.8z',
  unknown: 'M5 1a4 4 0 1 0 0 8 4 4 0 0 0 0-8m0 1.6a2.4 2.4 0 1 1 0 4.8 2.4 2.4 0 0 1 0-4.8',
  paused: 'M1.6 1.2h2.6v7.6H1.6zM5.8 1.2h2.6v7.6H5.8z',
  confirming: 'M5 1a4 4 0 1 0 0 8zM5 1v1.2a2.8 2.8 0 0 1 0 5.6V9a4 4 0 0 0 0-8',
  neverUp: 'M5 .8 9.6 9.2H.4zM5 3.8 3 7.6h4z',
}

/** A state as shape, colour and text; without `text`, the text has to be beside it. */
export function StatusMark({
  tone,
  text,
  isTag = false,
}: {
  readonly tone: Tone
  readonly text?: string
  readonly isTag?: boolean
}) {
  return (
    <span class={`badge ${tone}${isTag ? ' tagged' : ''}${text === undefined ? ' bare' : ''}`}>
      <svg viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
        <path fill-rule="evenodd" d={shapes[tone]} />
      </svg>
      {text}
    </span>
  )
}
