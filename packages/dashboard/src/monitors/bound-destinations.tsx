import type { Channel, MonitorChannel } from '@gatehouse/sdk'
import { monitorWords } from '../words/monitor-words.ts'

const says = monitorWords.destinations

/** The channels chosen for a monitor, by id, with their delay as typed; undefined: the defaults. */
export type Bound = ReadonlyMap<string, string> | undefined

export function toBound(channels: readonly MonitorChannel[]): Bound {
  if (channels.length === 0) return undefined
  return new Map(
    channels.map(({ id, delaySeconds }) => [id, delaySeconds === null ? '' : String(delaySeconds)]),
  )
}

/** An empty list means the defaults. */
export function toBindings(
  bound: Bound,
): readonly { readonly id: string; readonly delaySeconds: number | null }[] {
  return [...(bound ?? [])].map(([id, delay]) => ({
    id,
    delaySeconds: delay.trim() === '' ? null : Number(delay),
  }))
}

/** The channels of a monitor: the defaults, or some chosen for it. */
export function BoundDestinations({
  channels,
  bound,
  onChange,
}: {
  readonly channels: readonly Channel[]
  readonly bound: Bound
  readonly onChange: (bound: Bound) => void
}) {
  const usual = channels.filter(({ isDefault, isActive }) => isDefault === 1 && isActive === 1)
  const without = (id: string): Bound => new Map([...(bound ?? [])].filter(([known]) => known !== id))
  return (
    <div class="destinations">
      <label class="tickable">
        <input
          type="radio"
          name="destinations"
          checked={bound === undefined}
          onChange={() => onChange(undefined)}
        />
        <span>
          {says.usual}
          <small>
            {says.usualText(usual.length === 0 ? says.nobody : usual.map(({ name }) => name).join(', '))}
          </small>
        </span>
      </label>
      {channels.length === 0 ? null : (
        <label class="tickable">
          <input
            type="radio"
            name="destinations"
            checked={bound !== undefined}
            onChange={() => onChange(new Map(usual.map(({ id }) => [id, ''])))}
          />
          <span>{says.own}</span>
        </label>
      )}
      {bound === undefined
        ? null
        : channels.map(({ id, name, summary }) => (
            <div class="destination" key={id}>
              <label class="tickable">
                <input
                  type="checkbox"
                  checked={bound.has(id)}
                  onChange={({ currentTarget }) =>
                    onChange(currentTarget.checked ? new Map([...bound, [id, '']]) : without(id))
                  }
                />
                <span>
                  {name}
                  <small>{summary}</small>
                </span>
              </label>
              {bound.has(id) ? (
                <span class="delay">
                  <input
                    type="number"
                    min={0}
                    max={86_400}
                    aria-label={says.delay(name)}
                    value={bound.get(id) ?? ''}
                    onInput={({ currentTarget }) => onChange(new Map([...bound, [id, currentTarget.value]]))}
                  />
                  <small>{says.delayHint}</small>
                </span>
              ) : null}
            </div>
          ))}
    </div>
  )
}
