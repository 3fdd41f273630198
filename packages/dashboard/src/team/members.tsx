import type { Member, Role } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Section } from '../controls.tsx'
import { Ago, Complaint, Found } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { gatehouse, leave, type Person } from '../session.ts'
import { useMe } from '../use-me.ts'
import { teamWords } from '../words/team-words.ts'
import { roleChoices } from './role-choices.ts'
import { SecretOnce } from '../parts/secret-once.tsx'

const { members } = gatehouse.platform.teams
const says = teamWords.members

export function Members({ person }: { readonly person: Person }) {
  const query = useQuery({ queryKey: ['members'], queryFn: ({ signal }) => members.list({ signal }) })
  return (
    <Section title={says.title} text={person.role === 'owner' ? says.text : says.textForOthers}>
      <Found query={query}>
        {(found) => (
          <ul class="list" aria-label={says.title}>
            {found.map((member) => (
              <MemberRow key={member.userId} member={member} person={person} />
            ))}
          </ul>
        )}
      </Found>
    </Section>
  )
}

function MemberRow({ member, person }: { readonly member: Member; readonly person: Person }) {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: ['members'] })
  const change = useMutation({
    mutationFn: (role: Role) => members.changeRole(member.userId, role),
    onSettled: settle,
  })
  const isYou = member.userId === person.id
  const remove = useMutation({
    mutationFn: () => members.remove(member.userId),
    onSuccess: () => (isYou ? leave(says.left) : settle()),
  })
  // The revealed link is discarded with this page.
  const link = useMutation({ mutationFn: () => members.createResetLink(member.userId), gcTime: 0 })
  const isOwner = person.role === 'owner'
  const isMailed = useMe().data?.sendsMail !== false
  return (
    <li>
      <span class="face" aria-hidden="true">
        {toInitials(member.name)}
      </span>
      <div class="grow">
        <span class="name">
          {member.name} {isYou ? <span class="tag">{says.you}</span> : null}
        </span>
        <div class="muted small cut">{member.shownEmail}</div>
        <Complaint error={change.error ?? remove.error ?? link.error} />
      </div>
      <span class="muted small optional">
        {says.joined} <Ago at={member.joinedAt} />
      </span>
      {isOwner ? (
        <select
          class="role"
          aria-label={says.role(member.name)}
          value={change.isPending ? change.variables : member.role}
          disabled={change.isPending}
          onChange={({ currentTarget }) => {
            const chosen = roleChoices.find(({ value }) => value === currentTarget.value)
            if (chosen !== undefined) change.mutate(chosen.value)
          }}
        >
          {roleChoices.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      ) : (
        <span class="tag">{teamWords.roles[member.role]}</span>
      )}
      {isOwner && !isYou && !isMailed ? (
        <Confirm
          label={says.resetLink}
          question={says.confirmResetLink(member.name)}
          onConfirm={() => link.mutate()}
        />
      ) : null}
      {isOwner || isYou ? (
        <Confirm
          label={isYou ? says.leave : says.remove}
          question={isYou ? says.confirmLeave : says.confirmRemove(member.name)}
          onConfirm={() => remove.mutate()}
        />
      ) : null}
      {link.data === undefined ? null : (
        <SecretOnce key={link.data.url} text={says.resetLinkMade(member.name)} secret={link.data.url} />
      )}
    </li>
  )
}

function toInitials(name: string): string {
  const [first = '', ...rest] = name.trim().split(/\s+/)
  return `${[...first][0] ?? ''}${[...(rest.at(-1) ?? '')][0] ?? ''}`.toUpperCase()
}
