import type { Channel, NewChannel } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Form } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Field } from '../parts/field.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { showToast } from '../parts/toast.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useOnce } from '../use-once.ts'
import { words } from '../words.ts'
import { alertWords as says } from '../words/alert-words.ts'
import { ChannelRules, readRules } from './channel-rules.tsx'
import { channelFields, findKind, readChangedConfig, readNewConfig } from './destination-kinds.ts'

const { channels } = gatehouse.uptime
type ChannelType = NewChannel['type']

export function NewChannelForm({
  type,
  onClose,
}: {
  readonly type: ChannelType
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const make = useOnce((channel: NewChannel, idempotencyKey) => channels.create(channel, { idempotencyKey }))
  const submit = useMutation({
    mutationFn: async (fields: FormData) =>
      make({ ...readNewConfig(type, fields), ...readRules(fields), name: toText(fields, 'name') }),
    onSuccess: async ({ channel, verificationSent }) => {
      await queries.invalidateQueries({ queryKey: ['channels'] })
      showToast(verificationSent ? says.madeAndAsked(channel.name) : says.made(channel.name))
      onClose()
    },
  })
  return (
    <Form label={says.addTitle} class="add" error={submit.error} onSubmit={(fields) => submit.mutate(fields)}>
      <ChannelFields type={type} />
      <ChannelRules />
      <Complaint error={submit.error} />
      <div class="actions">
        <button type="submit" class="primary" disabled={submit.isPending}>
          {says.add}
        </button>
      </div>
    </Form>
  )
}

/** A channel's address, its rules and its deletion. */
export function ChannelPanel({
  channel,
  onClose,
}: {
  readonly channel: Channel
  readonly onClose: () => void
}) {
  const queries = useQueryClient()
  const settle = async (text: string): Promise<void> => {
    await queries.invalidateQueries({ queryKey: ['channels'] })
    showToast(text)
    onClose()
  }
  const kind = findKind(channel.type)
  const type = kind === 'events' ? undefined : kind
  const save = useMutation({
    mutationFn: async (fields: FormData) =>
      channels.update(channel.id, {
        name: toText(fields, 'name'),
        ...(type === undefined ? {} : readChangedConfig(type, fields)),
        ...readRules(fields),
      }),
    onSuccess: ({ verificationSent }) =>
      settle(verificationSent ? says.madeAndAsked(channel.name) : says.saved(channel.name)),
  })
  const isOn = channel.isActive === 1
  const toggle = useMutation({
    mutationFn: () => channels.update(channel.id, { isActive: !isOn }),
    onSuccess: () => settle(isOn ? says.wentOff(channel.name) : says.wentOn(channel.name)),
  })
  const ask = useMutation({
    mutationFn: () => channels.resendVerification(channel.id),
    onSuccess: () => settle(says.asked(channel.name)),
  })
  const remove = useMutation({
    mutationFn: () => channels.delete(channel.id),
    onSuccess: () => settle(says.removed(channel.name)),
  })
  return (
    <SidePanel title={says.editTitle(channel.name)} onClose={onClose}>
      <div class="actions">
        <button type="button" disabled={toggle.isPending} onClick={() => toggle.mutate()}>
          {isOn ? says.off : says.on}
        </button>
        {channel.verified === 1 ? null : (
          <button type="button" disabled={ask.isPending} onClick={() => ask.mutate()}>
            {says.askAgain}
          </button>
        )}
        <Confirm
          label={says.remove}
          thing={channel.name}
          question={says.confirmRemove}
          onConfirm={() => remove.mutate()}
        />
      </div>
      <Complaint error={toggle.error ?? ask.error ?? remove.error} />
      <Form
        label={says.editTitle(channel.name)}
        class="add"
        error={save.error}
        onSubmit={(fields) => save.mutate(fields)}
      >
        <ChannelFields {...(type === undefined ? {} : { type })} channel={channel} />
        <ChannelRules channel={channel} />
        <Complaint error={save.error} />
        <div class="actions">
          <button type="submit" class="primary" disabled={save.isPending}>
            {says.save}
          </button>
          <button type="button" class="quiet" onClick={onClose}>
            {words.cancel}
          </button>
        </div>
      </Form>
    </SidePanel>
  )
}

function ChannelFields({ type, channel }: { readonly type?: ChannelType; readonly channel?: Channel }) {
  return (
    <>
      <Field
        label={says.name}
        name="name"
        placeholder={says.nameExample}
        {...(channel === undefined ? {} : { value: channel.name })}
      />
      {(type === undefined ? [] : channelFields[type]).map(({ hint, ...field }) => (
        <Field
          key={field.name}
          {...field}
          {...(field.type === 'password' ? { autoComplete: 'new-password' } : {})}
          {...(channel === undefined
            ? hint === undefined
              ? {}
              : { hint }
            : { placeholder: channel.summary, hint: says.fields.kept, isOptional: true })}
        />
      ))}
    </>
  )
}
