import type { MaintenanceTime } from '@gatehouse/sdk'
import { ExactMoment } from '../moment.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { toDate } from '../to-date.ts'
import { calendarWords as says } from '../words/calendar-words.ts'
import { maintenanceWords } from '../words/maintenance-words.ts'
import { stateTones } from './state-tones.ts'

/** What is on at one day, each with the way to change it. */
export function DayTimes({
  day,
  times,
  onOpen,
}: {
  readonly day: string
  readonly times: readonly MaintenanceTime[]
  readonly onOpen: ((id: string) => void) | undefined
}) {
  const title = toDate(day)
  return (
    <div>
      <h4>{title}</h4>
      {times.length === 0 ? (
        <p class="muted small">{says.nothing}</p>
      ) : (
        <ul class="day-times" aria-label={title}>
          {times.map((time) => (
            <li key={`${time.windowId ?? time.seriesId} ${time.startsAt}`}>
              <StatusMark tone={stateTones[time.state]} text={maintenanceWords.states[time.state]} />
              <div>
                <Title time={time} onOpen={onOpen} />
                <div class="muted small">
                  <ExactMoment at={time.startsAt} /> –{' '}
                  {time.endsAt === null ? maintenanceWords.untilEnded : <ExactMoment at={time.endsAt} />}
                  {time.seriesId === null ? null : `${maintenanceWords.comma}${says.recurs}`}
                </div>
              </div>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Title({
  time: { title, state, windowId, seriesId },
  onOpen,
}: {
  readonly time: MaintenanceTime
  readonly onOpen: ((id: string) => void) | undefined
}) {
  const shown = title ?? maintenanceWords.untitled
  const id = seriesId ?? windowId
  if (onOpen === undefined || id === null || (state === 'over' && seriesId === null))
    return <span class="name">{shown}</span>
  return (
    <button type="button" class="link name" onClick={() => onOpen(id)}>
      {shown}
    </button>
  )
}
