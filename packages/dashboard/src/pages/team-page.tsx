import { useQuery } from '@tanstack/react-query'
import { at } from '../at.ts'
import { Found, Heading } from '../parts.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { Invitations } from '../team/invitations.tsx'
import { Members } from '../team/members.tsx'
import { Deletion, TeamLife } from '../team/team-life.tsx'
import { TeamSettings } from '../team/team-settings.tsx'
import { signOnWords } from '../words/sign-on-words.ts'
import { teamWords } from '../words/team-words.ts'

function ToSingleSignOn() {
  return (
    <ul class="list deeds">
      <li>
        <div class="grow">
          <h2>{signOnWords.settings.link}</h2>
          <p class="muted small">{signOnWords.settings.linkText}</p>
        </div>
        <a class="button" href={at('/team/single-sign-on')}>
          {signOnWords.settings.open}
        </a>
      </li>
    </ul>
  )
}

export function TeamPage() {
  const person = usePerson()
  const query = useQuery({
    queryKey: ['team'],
    queryFn: ({ signal }) => gatehouse.platform.teams.settings({ signal }),
  })
  if (person === undefined) return null
  const isOwner = person.role === 'owner'
  return (
    <>
      <Heading title={teamWords.title} text={teamWords.text} />
      {query.data?.deletionScheduledAt == null ? null : (
        <Deletion at={query.data.deletionScheduledAt} isOwner={isOwner} />
      )}
      <Members person={person} />
      {isOwner ? <Invitations /> : null}
      {isOwner ? <ToSingleSignOn /> : null}
      <Found query={query}>
        {(settings) => (
          <>
            <TeamSettings key={settings.id} settings={settings} isOwner={isOwner} />
            {isOwner ? <TeamLife settings={settings} /> : null}
          </>
        )}
      </Found>
    </>
  )
}
