import { useQuery } from '@tanstack/react-query'
import { Found, Heading } from '../parts.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { Invitations } from '../team/invitations.tsx'
import { Members } from '../team/members.tsx'
import { Deletion, TeamLife } from '../team/team-life.tsx'
import { TeamSettings } from '../team/team-settings.tsx'
import { teamWords } from '../words/team-words.ts'

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
