import type { Session } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Ago, Complaint, Found } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { gatehouse, leave } from '../session.ts'
import { accountWords } from '../words/account-words.ts'
import { SettingsSection } from './settings-section.tsx'

const { sessions } = gatehouse.platform
const says = accountWords.sessions

export function SessionsSection() {
  const queries = useQueryClient()
  const query = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => sessions.list({ signal }) })
  const end = useMutation({
    mutationFn: (id: string) => sessions.end(id),
    onSettled: () => queries.invalidateQueries({ queryKey: ['sessions'] }),
  })
  const endAll = useMutation({ mutationFn: () => sessions.endAll(), onSuccess: () => leave(says.allEnded) })
  return (
    <SettingsSection id="sessions" title={says.title} text={says.text}>
      <Complaint error={end.error ?? endAll.error} />
      <Found query={query}>
        {(found) => (
          <>
            <ul class="plain" aria-label={says.title}>
              {found.map((session) => (
                <SessionRow key={session.id} session={session} onEnd={() => end.mutate(session.id)} />
              ))}
            </ul>
            {found.length < 2 ? <p class="muted small">{says.only}</p> : null}
            <div class="actions">
              <Confirm label={says.endAll} question={says.confirmAll} onConfirm={() => endAll.mutate()} />
            </div>
          </>
        )}
      </Found>
    </SettingsSection>
  )
}

function SessionRow({
  session: { userAgent, device, ipAddress, createdAt, lastUsedAt, current },
  onEnd,
}: {
  readonly session: Session
  readonly onEnd: () => void
}) {
  return (
    <li>
      <div class="grow">
        <span class="name" title={userAgent ?? ''}>
          {toName(device)}
        </span>
        <div class="muted small">
          {ipAddress} · {says.since} <Ago at={createdAt} />, {says.used} <Ago at={lastUsedAt} />
        </div>
      </div>
      {current ? (
        <span class="tag good">{says.current}</span>
      ) : (
        <Confirm label={says.end} thing={toName(device)} question={says.confirmEnd} onConfirm={onEnd} />
      )}
    </li>
  )
}

function toName({ browser, system }: Session['device']): string {
  if (browser === null) return says.unknown
  return system === null ? browser : says.on(browser, system)
}
