import type { AdministeredOrg } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Form } from '../controls.tsx'
import { Ago, Complaint, Found } from '../parts.tsx'
import { Confirm } from '../parts/confirm.tsx'
import { Field } from '../parts/field.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useMe } from '../use-me.ts'
import { adminWords as says } from '../words/admin-words.ts'
import { SecretOnce } from '../parts/secret-once.tsx'

const { admin } = gatehouse.platform

/** An organisation's owners and keys, and whether it is suspended. */
export function OrgDetails({ org }: { readonly org: AdministeredOrg }) {
  const queries = useQueryClient()
  const settle = () => queries.invalidateQueries({ queryKey: ['admin'] })
  const suspend = useMutation({
    mutationFn: (reason: string) => admin.orgs.suspend(org.id, reason),
    onSuccess: settle,
  })
  const restore = useMutation({ mutationFn: () => admin.orgs.restore(org.id), onSuccess: settle })
  return (
    <div class="inside">
      <Owners orgId={org.id} />
      <OrgKeys orgId={org.id} />
      <Complaint error={suspend.error ?? restore.error} />
      {org.suspendedAt === null ? (
        <Form
          label={says.suspend}
          class="add"
          onSubmit={(fields) => suspend.mutate(toText(fields, 'reason'))}
        >
          <p class="muted small">{says.suspendText}</p>
          <Field
            label={says.reason}
            name="reason"
            placeholder={says.reasonPlaceholder}
            hint={says.reasonHint}
          />
          <div class="actions">
            <button type="submit" class="danger" disabled={suspend.isPending}>
              {says.suspend}
            </button>
          </div>
        </Form>
      ) : (
        <div class="actions">
          <button type="button" class="primary" disabled={restore.isPending} onClick={() => restore.mutate()}>
            {says.restore}
          </button>
        </div>
      )}
    </div>
  )
}

function Owners({ orgId }: { readonly orgId: string }) {
  const query = useQuery({
    queryKey: ['admin', 'org', orgId],
    queryFn: ({ signal }) => admin.orgs.get(orgId, { signal }),
  })
  return (
    <div>
      <h2>{says.owners}</h2>
      <Found query={query}>
        {({ owners, shownOwners }) =>
          owners.length === 0 ? (
            <p class="small">{says.noOwners}</p>
          ) : (
            owners.map((email, at) => <Owner key={email} email={email} shown={shownOwners[at] ?? email} />)
          )
        }
      </Found>
    </div>
  )
}

function Owner({ email, shown }: { readonly email: string; readonly shown: string }) {
  // The revealed link is discarded with this page.
  const link = useMutation({ mutationFn: () => admin.createResetLink(email), gcTime: 0 })
  const isMailed = useMe().data?.sendsMail !== false
  return (
    <div class="small">
      {shown}{' '}
      {isMailed ? null : (
        <Confirm
          label={says.resetLink}
          question={says.confirmResetLink(shown)}
          onConfirm={() => link.mutate()}
        />
      )}
      <Complaint error={link.error} />
      {link.data === undefined ? null : (
        <SecretOnce key={link.data.url} text={says.resetLinkMade(shown)} secret={link.data.url} />
      )}
    </div>
  )
}

function OrgKeys({ orgId }: { readonly orgId: string }) {
  const queries = useQueryClient()
  const query = useQuery({
    queryKey: ['admin', 'keys', orgId],
    queryFn: ({ signal }) => admin.apiKeys.list(orgId, { signal }),
  })
  const revoke = useMutation({
    mutationFn: (keyId: string) => admin.apiKeys.revoke(orgId, keyId),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['admin'] }),
  })
  return (
    <div>
      <h2>{says.keys}</h2>
      <Complaint error={revoke.error} />
      <Found query={query}>
        {(keys) =>
          keys.length === 0 ? (
            <p class="muted small">{says.noKeys}</p>
          ) : (
            <ul class="list" aria-label={says.keys}>
              {keys.map(({ id, name, keyPrefix, lastUsedAt }) => (
                <li key={id}>
                  <div class="grow">
                    <span class="name">{name}</span> <code class="muted small">{keyPrefix}…</code>
                  </div>
                  <span class="muted small">
                    <Ago at={lastUsedAt} />
                  </span>
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
    </div>
  )
}
