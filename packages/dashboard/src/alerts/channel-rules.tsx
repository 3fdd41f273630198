import type { Channel, NewChannel } from '@gatehouse/sdk'
import { useState } from 'preact/hooks'
import { Checks, Select, toChecked } from '../controls.tsx'
import { language, locale } from '../language.ts'
import { Field, FieldFrame } from '../parts/field.tsx'
import { Refusal } from '../refusal.ts'
import { toText } from '../to-text.ts'
import { alertWords as says } from '../words/alert-words.ts'
import { zoneInUse } from '../zone.ts'

export type Rules = Required<
  Pick<NewChannel, 'isDefault' | 'delaySeconds' | 'activeHours' | 'events' | 'language'>
>

export const eventNames = Object.keys(says.eventTexts)
const optIn = ['incident.acknowledged', 'incident.updated']
const delays = [0, 60, 120, 300, 600, 900, 1_800, 3_600]
const days = [1, 2, 3, 4, 5, 6, 7]

/** Which events a channel receives, with which delay, and during which hours. */
export function ChannelRules({ channel }: { readonly channel?: Channel }) {
  const hours = channel?.activeHours ?? null
  const [hasHours, setHasHours] = useState(hours !== null)
  const delay = channel?.delaySeconds ?? 0
  return (
    <>
      <Checks
        label={says.rules}
        name="isDefault"
        choices={[{ value: 'yes', text: says.isDefault, hint: says.isDefaultHint }]}
        chosen={channel?.isDefault === 0 ? [] : ['yes']}
      />
      <Select
        label={says.delay}
        name="delaySeconds"
        hint={says.delayHint}
        first={String(delay)}
        choices={[...new Set([...delays, delay])]
          .toSorted((one, other) => one - other)
          .map((seconds) => ({ value: String(seconds), text: nameDelay(seconds) }))}
      />
      <Select
        label={says.hours}
        name="hours"
        hint={says.hoursHint}
        value={hasHours ? 'some' : 'any'}
        onChange={(value) => setHasHours(value === 'some')}
        choices={[
          { value: 'any', text: says.anyHour },
          { value: 'some', text: says.someHours },
        ]}
      />
      {hasHours ? (
        <>
          <Checks
            label={says.days}
            name="days"
            choices={days.map((day) => ({ value: String(day), text: nameDay(day) }))}
            chosen={(hours?.days ?? [1, 2, 3, 4, 5]).map(String)}
          />
          <div class="row-of-fields">
            <Clock label={says.from} name="from" value={hours?.from ?? '09:00'} />
            <Clock label={says.until} name="until" value={hours?.until ?? '18:00'} />
          </div>
          <Field label={says.timeZone} name="timeZone" value={hours?.timeZone ?? zoneInUse()} />
        </>
      ) : null}
      <Select
        label={says.language}
        name="language"
        first={channel?.language ?? language}
        choices={[
          { value: 'en', text: says.languages.en },
          { value: 'ja', text: says.languages.ja },
        ]}
      />
      <details class="more">
        <summary>{says.events}</summary>
        <Checks
          label={says.events}
          name="events"
          choices={Object.entries(says.eventTexts).map(([value, text]) => ({ value, text }))}
          chosen={channel?.events ?? eventNames.filter((name) => !optIn.includes(name))}
        />
      </details>
    </>
  )
}

export function readRules(fields: FormData): Rules {
  // Safe: the checkboxes are those that the server lists.
  const events = toChecked(fields, 'events') as Rules['events']
  if (events.length === 0) throw new Refusal(says.noEvent)
  return {
    events,
    isDefault: toChecked(fields, 'isDefault').length > 0,
    delaySeconds: Number(toText(fields, 'delaySeconds')),
    language: toText(fields, 'language') === 'ja' ? 'ja' : 'en',
    activeHours: toText(fields, 'hours') === 'some' ? readHours(fields) : null,
  }
}

function readHours(fields: FormData): NonNullable<Rules['activeHours']> {
  const chosen = toChecked(fields, 'days').map(Number)
  if (chosen.length === 0) throw new Refusal(says.noDay)
  return {
    days: chosen,
    from: toText(fields, 'from'),
    until: toText(fields, 'until'),
    timeZone: toText(fields, 'timeZone'),
  }
}

function Clock({
  label,
  name,
  value,
}: {
  readonly label: string
  readonly name: string
  readonly value: string
}) {
  return (
    <FieldFrame label={label} name={name}>
      {(attributes) => <input type="time" {...attributes} defaultValue={value} />}
    </FieldFrame>
  )
}

function nameDelay(seconds: number): string {
  if (seconds === 0) return says.atOnce
  if (seconds % 3_600 === 0) return nameUnit(seconds / 3_600, 'hour')
  return seconds % 60 === 0 ? nameUnit(seconds / 60, 'minute') : nameUnit(seconds, 'second')
}

function nameUnit(count: number, unit: 'hour' | 'minute' | 'second'): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}

/** Describes the rules of a channel in one line. */
export function tellRules({ events, delaySeconds, activeHours }: Channel): string {
  const parts = [events.length >= eventNames.length ? says.ofAll : says.ofEvents(events.length)]
  if (delaySeconds > 0) parts.push(says.after(nameDelay(delaySeconds)))
  if (activeHours !== null) parts.push(`${activeHours.from}–${activeHours.until}`)
  return parts.join(' · ')
}

/** 1970-01-05 was a Monday. */
function nameDay(day: number): string {
  return new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' }).format(
    Date.UTC(1970, 0, 4 + day),
  )
}
