import { useState } from 'preact/hooks'
import { Checks, Select, toChecked } from '../controls.tsx'
import { Field } from '../parts/field.tsx'
import { toText } from '../to-text.ts'
import { maintenanceWords as says } from '../words/maintenance-words.ts'
import { listZones } from '../zone.ts'
import { monthly, type Monthly, type Repeat, repeats, type Said, toDay, weekdayNames } from './recurrence.ts'

/** What is asked for besides the first time, once it recurs. */
export function RecurrenceFields({
  said,
  startsAt,
  zone,
  minutes,
  canBeSingle,
  onRepeat,
  onZone,
}: {
  readonly said: Said
  /** As its field shows it. */
  readonly startsAt: string
  readonly zone: string
  readonly minutes: number
  readonly canBeSingle: boolean
  readonly onRepeat: (repeat: Repeat) => void
  readonly onZone: (zone: string) => void
}) {
  const { repeat } = said
  const [on, setOn] = useState<Monthly>(said.repeat === 'monthly' ? said.on : 'date')
  const { weekday, nth } = toDay(startsAt)
  return (
    <>
      <Select
        label={says.repeats}
        name="repeat"
        value={repeat}
        choices={repeats
          .filter((value) => canBeSingle || value !== 'never')
          .map((value) => ({ value, text: says.repeat[value] }))}
        onChange={onRepeat}
      />
      {said.repeat === 'weekly' ? (
        <Checks
          label={says.weekdaysLabel}
          name="weekdays"
          choices={weekdayNames.map((value) => ({ value, text: says.weekdays[value] }))}
          chosen={said.weekdays}
        />
      ) : null}
      {repeat === 'monthly' ? (
        <Select
          label={says.monthlyLabel}
          name="on"
          value={on}
          choices={monthly.map((value) => ({
            value,
            text: says.monthly[value](Number(startsAt.slice(8, 10)), says.weekdays[weekday], nth),
          }))}
          onChange={setOn}
        />
      ) : null}
      {said.repeat === 'rrule' || said.repeat === 'cron' ? (
        <Field
          key={said.repeat}
          label={says.rules[said.repeat]}
          name={said.repeat}
          value={said.rule}
          hint={says.ruleHints[said.repeat]}
        />
      ) : null}
      {repeat === 'never' ? null : (
        <>
          <Field
            label={says.lasts}
            name="durationMinutes"
            type="number"
            unit={says.minutes}
            value={String(minutes)}
          />
          <Select
            label={says.timeZone}
            name="timeZone"
            value={zone}
            hint={says.timeZoneHint}
            choices={listZones(zone).map((value) => ({ value, text: value }))}
            onChange={onZone}
          />
        </>
      )}
      {'until' in said ? (
        <Field
          label={says.until}
          name="until"
          type="date"
          value={said.until}
          hint={says.untilHint}
          isOptional
        />
      ) : null}
    </>
  )
}

/** What the form says of it. */
export function readSaid(fields: FormData): Said {
  const repeat = repeats.find((known) => known === toText(fields, 'repeat')) ?? 'never'
  const until = fields.has('until') ? toText(fields, 'until') : ''
  switch (repeat) {
    case 'never':
      return { repeat }
    case 'rrule':
    case 'cron':
      return { repeat, rule: toText(fields, repeat) }
    case 'daily':
      return { repeat, until }
    case 'weekly':
      return { repeat, weekdays: toChecked(fields, 'weekdays'), until }
    case 'monthly':
      return { repeat, on: monthly.find((known) => known === toText(fields, 'on')) ?? 'date', until }
  }
}
