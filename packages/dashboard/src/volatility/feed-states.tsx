import { useQuery } from '@tanstack/react-query'
import { Section } from '../controls.tsx'
import { Moment } from '../moment.tsx'
import { toNumber } from '../number-format.ts'
import { Found } from '../parts.tsx'
import { StatusMark, type Tone } from '../parts/status-mark.tsx'
import { gatehouse } from '../session.ts'
import { volatilityWords } from '../words/volatility-words.ts'

const says = volatilityWords.board
const everyMs = 30_000

const tones: Readonly<Record<keyof typeof says.feed, Tone>> = {
  connecting: 'confirming',
  backfilling: 'confirming',
  live: 'ok',
  degraded: 'degraded',
  down: 'down',
  off: 'paused',
}

/** The exchanges with the state and lag of their feeds. */
export function FeedStates() {
  const query = useQuery({
    queryKey: ['feed-states'],
    queryFn: ({ signal }) => gatehouse.volatility.getStatus({ signal }),
    refetchInterval: everyMs,
  })
  return (
    <div id="feeds">
      <Section title={says.feeds}>
        <Found query={query}>
          {({ venues }) => (
            <ul class="list">
              {Object.entries(venues).map(([venue, feed]) => (
                <li key={venue}>
                  <StatusMark tone={tones[feed.status]} text={says.feed[feed.status]} />
                  <span class="grow name capital">{venue}</span>
                  {feed.reason === null ? null : <span class="muted small">{feed.reason}</span>}
                  {feed.lag_seconds === null ? null : (
                    <span class="muted small">{says.lag(toNumber(Math.round(feed.lag_seconds)))}</span>
                  )}
                  <span class="muted small">
                    <Moment at={feed.last_bar_ms} />
                  </span>
                </li>
              ))}
            </ul>
          )}
        </Found>
      </Section>
    </div>
  )
}
