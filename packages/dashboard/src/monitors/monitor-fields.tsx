import type { Channel, Service } from '@gatehouse/sdk'
import type { ComponentChildren } from 'preact'
import { toSpan } from '../to-ago.ts'
import { monitorWords as says } from '../words/monitor-words.ts'
import { BoundDestinations, type Bound } from './bound-destinations.tsx'
import { ControlOf } from './control.tsx'
import { textOf, type Typed } from './field-values.ts'
import {
  alarmFields,
  configFields,
  type FieldSpec,
  type MonitorType,
  nameField,
  placeFields,
} from './kind-fields.ts'
import { type Draft, toConfigPath } from './monitor-draft.ts'
import { toDetection } from './to-detection.ts'

type Props = {
  readonly type: MonitorType
  readonly draft: Draft
  readonly onType: (path: string, typed: Typed) => void
  readonly channels: readonly Channel[]
  readonly pages: readonly Service[]
  readonly bound: Bound
  readonly onBind: (bound: Bound) => void
  readonly hasSecret: boolean
  /** Expands all collapsed groups, because the error may be about a field in them. */
  readonly isRefused: boolean
}

/** All fields of a type in groups, from the tables of `kind-fields.ts`. */
export function MonitorFields(props: Props) {
  const { type, channels, bound, onBind, isRefused } = props
  const config = configFields[type]
  const rare = config.filter(({ isRare }) => isRare === true)
  return (
    <>
      <Group title={says.groups.target}>
        <Fields {...props} fields={[nameField]} toPath={({ member }) => member} />
        <Fields {...props} fields={config.filter(({ isRare }) => isRare !== true)} toPath={toConfigPath} />
        {rare.length === 0 ? null : (
          <details class="rare" {...(isRefused ? { open: true } : {})}>
            <summary>{says.groups.rare}</summary>
            <Fields {...props} fields={rare} toPath={toConfigPath} />
          </details>
        )}
      </Group>
      <Group title={says.groups.alarm}>
        <Detection {...props} />
        <Fields {...props} fields={alarmFields(type)} toPath={({ member }) => member} />
      </Group>
      <Group title={says.groups.people}>
        <BoundDestinations channels={channels} bound={bound} onChange={onBind} />
      </Group>
      <Group title={says.groups.place}>
        <Fields {...props} fields={placeFields} toPath={({ member }) => member} />
      </Group>
    </>
  )
}

function Group({ title, children }: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <fieldset class="group">
      <legend>{title}</legend>
      {children}
    </fieldset>
  )
}

function Fields({
  fields,
  toPath,
  draft,
  onType,
  pages,
  hasSecret,
}: Props & { readonly fields: readonly FieldSpec[]; readonly toPath: (field: FieldSpec) => string }) {
  return (
    <>
      {fields.map((field) => {
        const path = toPath(field)
        return (
          <ControlOf
            key={path}
            field={field}
            path={path}
            typed={draft[path] ?? ''}
            onType={(typed) => onType(path, typed)}
            pages={pages}
            hasSecret={hasSecret}
          />
        )
      })}
    </>
  )
}

/** The detection time that results from the figures below, updated while typing. */
function Detection({ type, draft }: Props) {
  if (type === 'heartbeat') {
    const grace = Number(textOf(draft['config.graceSeconds']))
    return grace > 0 ? <Sentence text={says.detectionJob(toSpan(grace * 1_000))} /> : null
  }
  const detection = toDetection(draft)
  if (detection === undefined) return null
  const { refused, hanging } = detection
  return (
    <Sentence text={says.detection(toSpan(refused * 1_000))}>
      <small>{says.detectionHanging(toSpan(hanging * 1_000))}</small>
    </Sentence>
  )
}

function Sentence({ text, children }: { readonly text: string; readonly children?: ComponentChildren }) {
  return (
    <p class="detection" role="status">
      <strong>{text}</strong>
      {children}
    </p>
  )
}
