import type { NewInvitation, RevealedInvitation, Role } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { instanceUrl } from '../at.ts'
import { Form, Section, Select } from '../controls.tsx'
import { Ago, Complaint, Found } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Field } from '../parts/field.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useOnce } from '../use-once.ts'
import { teamWords } from '../words/team-words.ts'
import { roleChoices } from './role-choices.ts'
import { SecretOnce } from '../parts/secret-once.tsx'

const { invitations } = gatehouse.platform.teams
const says = teamWords.invitations

/** For owners only; nobody else may see invitations. */
export function Invitations() {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: ['invitations'] })
  const [role, setRole] = useState<Role>('member')
  const query = useQuery({
    queryKey: ['invitations'],
    queryFn: ({ signal }) => invitations.list({ signal }),
  })
  // The revealed link is discarded with this page.
  const create = useMutation({
    mutationFn: useOnce((invitation: NewInvitation) => invitations.create(invitation)),
    onSuccess: settle,
    gcTime: 0,
  })
  const revoke = useMutation({ mutationFn: (id: string) => invitations.revoke(id), onSuccess: settle })
  const finish = (form: HTMLFormElement): void => {
    form.reset()
    setRole('member')
  }
  return (
    <Section title={says.title} text={says.text}>
      <Form
        label={says.title}
        class="add inline by-three"
        error={create.error}
        onSubmit={(fields, form) => {
          const email = toText(fields, 'email').trim()
          create.mutate({ role, ...(email === '' ? {} : { email }) }, { onSuccess: () => finish(form) })
        }}
      >
        <Field label={says.email} name="email" type="email" placeholder={says.emailPlaceholder} isOptional />
        <Select label={says.role} name="role" choices={roleChoices} value={role} onChange={setRole} />
        <button type="submit" class="primary" disabled={create.isPending}>
          {says.submit}
        </button>
        <small class="muted whole">
          {teamWords.roles[role]}: {teamWords.roleHints[role]}
        </small>
        <Complaint error={create.error ?? revoke.error} />
      </Form>
      {create.data === undefined ? null : (
        <SecretOnce key={toLink(create.data)} text={toSentence(create.data)} secret={toLink(create.data)} />
      )}
      <Found query={query}>
        {(found) =>
          found.length === 0 ? (
            <EmptyState title={says.empty} text={says.emptyText} />
          ) : (
            <ul class="list" aria-label={says.title}>
              {found.map(({ id, shownEmail, role: given, expiresAt }) => (
                <li key={id}>
                  <div class="grow">
                    <span class="name">{shownEmail ?? says.anyone}</span>
                    <div class="muted small">
                      {says.expires} <Ago at={expiresAt} />
                    </div>
                  </div>
                  <span class="tag">{teamWords.roles[given]}</span>
                  <Confirm
                    label={says.revoke}
                    question={says.confirmRevoke}
                    onConfirm={() => revoke.mutate(id)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Found>
    </Section>
  )
}

function toSentence({ shownEmail, emailSent }: RevealedInvitation): string {
  if (shownEmail === null) return says.open
  return emailSent ? says.mailed(shownEmail) : says.notMailed(shownEmail)
}

function toLink({ token }: RevealedInvitation): string {
  return `${instanceUrl}/app/invite?token=${token}`
}
