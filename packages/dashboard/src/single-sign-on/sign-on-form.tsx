import type { Role, SingleSignOn, SingleSignOnSettings } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import {
  Checks,
  type Choice,
  Form,
  Lines,
  SaveActions,
  Section,
  Select,
  toChecked,
  toLines,
} from '../controls.tsx'
import { Complaint } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { roleChoices } from '../team/role-choices.ts'
import { toText } from '../to-text.ts'
import { signOnWords } from '../words/sign-on-words.ts'
import { fromGroupRoles, toGroupRoles } from './group-roles.ts'

const says = signOnWords.settings
const { teams } = gatehouse.platform

type Settings = NonNullable<SingleSignOn['data']>
type DefaultRole = Role | 'none'

const defaultRoles: readonly Choice<DefaultRole>[] = [{ value: 'none', text: says.noRole }, ...roleChoices]

export function SignOnForm({ settings }: { readonly settings: Settings | null }) {
  const queries = useQueryClient()
  const [isRequired, setIsRequired] = useState(settings?.require === true)
  const save = useMutation({
    mutationFn: (fields: FormData) => teams.singleSignOn.set(toSettings(fields)),
    onSuccess: (saved) => queries.setQueryData(['single-sign-on'], saved),
  })
  return (
    <Section title={says.server}>
      <Form label={says.server} class="panel" onSubmit={(fields) => save.mutate(fields)}>
        <Field
          label={says.issuer}
          name="issuer"
          type="url"
          placeholder="https://login.example.com"
          hint={says.issuerHint}
          value={settings?.issuer ?? ''}
        />
        <Field label={says.clientId} name="clientId" value={settings?.clientId ?? ''} />
        <Field
          label={says.clientSecret}
          name="clientSecret"
          type="password"
          autoComplete="new-password"
          isOptional={settings !== null}
          {...(settings === null ? {} : { hint: says.keptSecret })}
        />
        <Lines
          label={says.domains}
          name="domains"
          values={settings?.domains.map(({ shownDomain }) => shownDomain) ?? []}
          hint={says.domainsHint}
        />
        <Field
          label={says.groupClaim}
          name="groupClaim"
          placeholder="groups"
          hint={says.groupClaimHint}
          isOptional
          value={settings?.groupClaim ?? ''}
        />
        <Lines
          label={says.groupRoles}
          name="roles"
          values={fromGroupRoles(settings?.roles ?? [])}
          hint={says.groupRolesHint}
        />
        <Select
          label={says.defaultRole}
          name="defaultRole"
          choices={defaultRoles}
          first={settings === null ? 'viewer' : (settings.defaultRole ?? 'none')}
        />
        <Field
          label={says.skew}
          name="skew"
          inputMode="numeric"
          value={String(settings?.clockSkewSeconds ?? 60)}
        />
        <div
          onChange={({ currentTarget }) => setIsRequired(currentTarget.querySelector(':checked') !== null)}
        >
          <Checks
            label={says.passwords}
            name="require"
            choices={[{ value: 'yes', text: says.require, hint: says.requireHint }]}
            chosen={settings?.require === true ? ['yes'] : []}
          />
        </div>
        {isRequired ? <BreakGlass chosen={settings?.breakGlassUserId ?? null} /> : null}
        <SaveActions save={save} text={says.save} saved={says.saved} />
      </Form>
    </Section>
  )
}

/** The owner who can still sign in with a password; by default, the one who requires single sign-on. */
function BreakGlass({ chosen }: { readonly chosen: string | null }) {
  const person = usePerson()
  const query = useQuery({
    queryKey: ['members'],
    queryFn: ({ signal }) => teams.members.list({ signal }),
  })
  const owners = (query.data ?? []).filter(({ role }) => role === 'owner')
  if (owners.length === 0) return <Complaint error={query.error} />
  return (
    <Select
      label={says.breakGlass}
      name="breakGlassUserId"
      hint={says.breakGlassHint}
      choices={owners.map(({ userId, name, shownEmail }) => ({
        value: userId,
        text: `${name} (${shownEmail})`,
      }))}
      first={chosen ?? person?.id ?? ''}
    />
  )
}

function toSettings(fields: FormData): SingleSignOnSettings {
  const secret = toText(fields, 'clientSecret')
  const defaultRole = defaultRoles.find(({ value }) => value === toText(fields, 'defaultRole'))?.value
  const isRequired = toChecked(fields, 'require').length > 0
  // Present only if single sign-on is required.
  const breakGlass = fields.get('breakGlassUserId')
  return {
    issuer: toText(fields, 'issuer'),
    clientId: toText(fields, 'clientId'),
    ...(secret === '' ? {} : { clientSecret: secret }),
    domains: toLines(toText(fields, 'domains')),
    groupClaim: toText(fields, 'groupClaim') || null,
    roles: toGroupRoles(toText(fields, 'roles')),
    defaultRole: defaultRole === undefined || defaultRole === 'none' ? null : defaultRole,
    require: isRequired,
    breakGlassUserId: isRequired && typeof breakGlass === 'string' && breakGlass !== '' ? breakGlass : null,
    clockSkewSeconds: Number(toText(fields, 'skew')),
  }
}
