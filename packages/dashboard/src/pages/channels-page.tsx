import type { Channel, NewChannel } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { channelKinds, channelTypes } from '../channel-kinds.tsx'
import { Complaint, Empty, Found, Heading } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Field } from '../parts/field.tsx'
import { FieldErrors } from '../parts/field-errors.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useOnce } from '../use-once.ts'
import { words } from '../words.ts'
import { StatusMark } from '../parts/status-mark.tsx'

const { channels } = gatehouse.uptime

export function ChannelsPage() {
  const query = useQuery({ queryKey: ['channels'], queryFn: ({ signal }) => channels.list({ signal }) })
  return (
    <>
      <Heading title={words.channels.title} text={words.channels.text} />
      <AddChannel />
      <Found query={query}>
        {(found) =>
          found.length === 0 ? (
            <Empty title={words.channels.empty} text={words.channels.emptyText} />
          ) : (
            <ul class="list" aria-label={words.channels.title}>
              {found.map((channel) => (
                <ChannelRow key={channel.id} channel={channel} />
              ))}
            </ul>
          )
        }
      </Found>
    </>
  )
}

function AddChannel() {
  const queries = useQueryClient()
  const [type, setType] = useState<NewChannel['type']>('email')
  const create = useMutation({
    mutationFn: useOnce((channel: NewChannel, idempotencyKey) =>
      channels.create(channel, { idempotencyKey }),
    ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['channels'] }),
  })
  const finish = (form: HTMLFormElement): void => {
    form.reset()
    setType('email')
  }
  const submit = (form: HTMLFormElement): void => {
    const fields = new FormData(form)
    const kind = channelKinds[type].read(fields)
    create.mutate(
      { ...kind, name: toText(fields, 'name'), isDefault: true },
      { onSuccess: () => finish(form) },
    )
  }
  return (
    <form
      class="add inline"
      onSubmit={(event) => {
        event.preventDefault()
        submit(event.currentTarget)
      }}
    >
      <FieldErrors error={create.error}>
        <label class="field">
          <span>{words.channels.type}</span>
          <select
            onChange={({ currentTarget: { value } }) =>
              setType(channelTypes.find((known) => known === value) ?? 'email')
            }
          >
            {channelTypes.map((known) => (
              <option key={known} value={known}>
                {channelKinds[known].label}
              </option>
            ))}
          </select>
        </label>
        <Field label={words.channels.name} name="name" placeholder={words.channels.namePlaceholder} />
        {channelKinds[type].fields()}
        <button type="submit" class="primary" disabled={create.isPending}>
          {words.channels.create}
        </button>
        <Complaint error={create.error} />
      </FieldErrors>
    </form>
  )
}

function ChannelRow({ channel }: { readonly channel: Channel }) {
  const queries = useQueryClient()
  const test = useMutation({ mutationFn: () => channels.test(channel.id) })
  const remove = useMutation({
    mutationFn: () => channels.delete(channel.id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['channels'] }),
  })
  return (
    <li>
      <StatusMark
        tone={channel.verified === 1 ? 'ok' : 'unknown'}
        text={channel.verified === 1 ? words.channels.ready : words.channels.unverified}
      />
      <div class="grow">
        <span class="name">{channel.name}</span>
        <div class="muted small cut">{channel.summary}</div>
        <Complaint error={test.error ?? remove.error} />
      </div>
      <button
        type="button"
        disabled={test.isPending}
        aria-label={`${test.isSuccess ? words.channels.tested : words.channels.test}: ${channel.name}`}
        onClick={() => test.mutate()}
      >
        {test.isSuccess ? words.channels.tested : words.channels.test}
      </button>
      <Confirm
        label={words.delete}
        thing={channel.name}
        question={words.channels.confirmDelete}
        onConfirm={() => remove.mutate()}
      />
    </li>
  )
}
