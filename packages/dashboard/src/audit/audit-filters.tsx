import type { AuditFilter } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { Form, Select } from '../controls.tsx'
import { toInstant } from '../local-time.ts'
import { Field } from '../parts/field.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { auditWords as says } from '../words/audit-words.ts'
import { frameWords } from '../words/frame-words.ts'
import { resourceChoices, toActionGroups } from './tell-action.ts'

const actionGroups = toActionGroups(frameWords.groups.oversight, says.allOfThem)

export type Actors = ReadonlyMap<string, string>

/** Users and keys, with the ids by which the log names them. */
export function useActors(): { readonly people: Actors; readonly keys: Actors } {
  const { members } = gatehouse.platform.teams
  const people = useQuery({ queryKey: ['members'], queryFn: ({ signal }) => members.list({ signal }) })
  const keys = useQuery({
    queryKey: ['keys'],
    queryFn: ({ signal }) => gatehouse.platform.apiKeys.list({ signal }),
  })
  return {
    people: new Map(people.data?.map(({ userId, name }) => [userId, name])),
    keys: new Map(keys.data?.map(({ keyPrefix, name }) => [keyPrefix, name])),
  }
}

export function AuditFilters({
  people,
  keys,
  onFilter,
}: {
  readonly people: Actors
  readonly keys: Actors
  readonly onFilter: (filter: AuditFilter) => void
}) {
  return (
    <Form label={says.apply} class="add inline by-three" onSubmit={(fields) => onFilter(toFilter(fields))}>
      <label class="field">
        <span>{says.action}</span>
        <select name="action">
          <option value="">{says.anyAction}</option>
          {actionGroups.map(({ text, choices }) => (
            <optgroup key={text} label={text}>
              {choices.map((choice) => (
                <option key={choice.value} value={choice.value}>
                  {choice.text}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{says.actor}</span>
        <select name="userId">
          <option value="">{says.anyone}</option>
          <Group label={says.people} actors={people} />
          <Group label={says.keys} actors={keys} />
        </select>
      </label>
      <div class="row">
        <button type="submit" class="primary">
          {says.apply}
        </button>
        <button type="reset" class="quiet" onClick={() => onFilter({})}>
          {says.clear}
        </button>
      </div>
      <details class="more">
        <summary>{says.more}</summary>
        <div class="pair">
          <Select
            label={says.resourceType}
            name="resourceType"
            first=""
            choices={[{ value: '', text: says.anyResource }, ...resourceChoices]}
          />
          <Field label={says.resourceId} name="resourceId" isOptional />
          <Moment label={says.from} name="from" />
          <Moment label={says.to} name="to" />
        </div>
      </details>
    </Form>
  )
}

function Group({ label, actors }: { readonly label: string; readonly actors: Actors }) {
  if (actors.size === 0) return null
  return (
    <optgroup label={label}>
      {[...actors].map(([id, name]) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </optgroup>
  )
}

function Moment({ label, name }: { readonly label: string; readonly name: string }) {
  return (
    <label class="field">
      <span>{label}</span>
      <input type="datetime-local" name={name} />
    </label>
  )
}

function toFilter(fields: FormData): AuditFilter {
  const given = (name: string) => toText(fields, name).trim()
  const moment = (name: string) => (given(name) === '' ? '' : toInstant(given(name)))
  const all = {
    action: given('action'),
    userId: given('userId'),
    resourceType: given('resourceType'),
    resourceId: given('resourceId'),
    from: moment('from'),
    to: moment('to'),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}
