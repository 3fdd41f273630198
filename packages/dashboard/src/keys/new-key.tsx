import type { NewApiKey } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Checks, Form, Select, toChecked } from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { Refusal } from '../refusal.ts'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { keyWords as says } from '../words/key-words.ts'
import { KeyLimits, readLimits } from './key-limits.tsx'
import { scopesOf, toServiceName, useKeyServices } from './key-services.ts'
import { toScopeChoice } from './tell-scope.ts'
import { type Expiry, toExpiry } from './to-expiry.ts'
import { SecretOnce } from '../parts/secret-once.tsx'

type Access = 'read' | 'write' | 'chosen'

const expiries = (['never', 'session', 'week', 'month', 'quarter', 'year'] as const).map((value) => ({
  value,
  text: says.expiries[value],
}))

export function NewKey() {
  const queries = useQueryClient()
  const [access, setAccess] = useState<Access>('read')
  const [expiry, setExpiry] = useState<Expiry>('never')
  const [chosen, setService] = useState<string>()
  const services = useKeyServices()
  const service = chosen ?? services[0]?.name ?? ''
  const offered = scopesOf(services, service)
  // The revealed key is discarded with this page.
  const create = useMutation({
    mutationFn: async (key: NewApiKey) => {
      if (key.scopes?.length === 0) throw new Refusal(says.noScope)
      return gatehouse.platform.apiKeys.create(key)
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
    gcTime: 0,
  })
  const toKey = (fields: FormData): NewApiKey => {
    const { ipAllow, rateLimit } = readLimits(fields)
    return {
      name: toText(fields, 'name'),
      service,
      scopes: access === 'chosen' ? toChecked(fields, 'scopes') : [access],
      ...toExpiry(expiry, Date.now()),
      ...(ipAllow.length === 0 ? {} : { ipAllow }),
      ...(rateLimit === null ? {} : { rateLimit }),
    }
  }
  const finish = (form: HTMLFormElement): void => {
    form.reset()
    setAccess('read')
    setExpiry('never')
  }
  return (
    <>
      <Form
        label={says.create}
        class="add inline by-four"
        error={create.error}
        onSubmit={(fields, form) => create.mutate(toKey(fields), { onSuccess: () => finish(form) })}
      >
        <Field label={says.name} name="name" placeholder={says.namePlaceholder} />
        {services.length > 1 ? (
          <Select
            label={says.service}
            name="service"
            value={service}
            onChange={setService}
            choices={services.map((one) => ({ value: one.name, text: toServiceName(one) }))}
          />
        ) : null}
        <Select
          label={says.access}
          name="access"
          value={access}
          onChange={setAccess}
          choices={[
            { value: 'read', text: says.read },
            { value: 'write', text: says.write },
            { value: 'chosen', text: says.chosen },
          ]}
        />
        <Select label={says.expiry} name="expiry" value={expiry} onChange={setExpiry} choices={expiries} />
        <button type="submit" class="primary" disabled={create.isPending || service === ''}>
          {says.create}
        </button>
        {access === 'chosen' ? (
          <Checks
            label={says.scopes}
            name="scopes"
            choices={offered.map(toScopeChoice)}
            chosen={offered.slice(0, 1)}
          />
        ) : null}
        <details class="more">
          <summary>{says.more}</summary>
          <div class="pair">
            <KeyLimits />
          </div>
        </details>
        <Complaint error={create.error} />
      </Form>
      {create.data === undefined ? null : (
        <SecretOnce key={create.data.key} text={says.once} secret={create.data.key} />
      )}
    </>
  )
}
