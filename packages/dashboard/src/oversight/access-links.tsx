import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Dialog } from '../controls.tsx'
import { Ago, Complaint, Found } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { StatusMark } from '../parts/status-mark.tsx'
import { toDate } from '../to-date.ts'
import { personRightsWords } from '../words/person-rights-words.ts'
import { type AccessLink, oversight } from './oversight-calls.ts'

const says = personRightsWords.links

/** The links to a person's record that were handed out, newest first; those that work can be revoked. */
export function AccessLinks({
  operatorId,
  onClose,
}: {
  readonly operatorId: string
  readonly onClose: () => void
}) {
  const query = useQuery({
    queryKey: ['access-links', operatorId],
    queryFn: ({ signal }) => oversight.people.accessLinks(operatorId, { signal }),
  })
  return (
    <Dialog title={says.title} text={says.text} isWide onClose={onClose}>
      <Found query={query}>
        {({ links }) =>
          links.length === 0 ? (
            <p class="muted">{says.none}</p>
          ) : (
            <ul class="list" aria-label={says.title}>
              {links.map((link) => (
                <LinkRow key={link.link_id} link={link} />
              ))}
            </ul>
          )
        }
      </Found>
      <div class="actions">
        <button type="button" onClick={onClose}>
          {says.close}
        </button>
      </div>
    </Dialog>
  )
}

function LinkRow({ link }: { readonly link: AccessLink }) {
  const queries = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => oversight.people.revokeAccessLink(link.operator_id, link.link_id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['access-links', link.operator_id] }),
  })
  const works = link.revoked_at === null && Date.parse(link.expires_at) > Date.now()
  return (
    <li>
      <StatusMark tone={works ? 'ok' : 'unknown'} text={toState(link, works)} />
      <div class="grow muted small">
        {says.made} <Ago at={link.created_at} /> ·{' '}
        {link.last_used_at === null ? (
          says.neverUsed
        ) : (
          <>
            {says.lastUsed} <Ago at={link.last_used_at} />
          </>
        )}
        <Complaint error={revoke.error} />
      </div>
      {works ? (
        <Confirm label={says.revoke} question={says.confirmRevoke} onConfirm={() => revoke.mutate()} />
      ) : null}
    </li>
  )
}

function toState({ revoked_at: revokedAt, expires_at: expiresAt }: AccessLink, works: boolean): string {
  if (revokedAt !== null) return says.states.revoked(toDate(revokedAt))
  return works ? says.states.works(toDate(expiresAt)) : says.states.ended(toDate(expiresAt))
}
