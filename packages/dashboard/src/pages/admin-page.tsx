import type { AdministeredOrg, AdministeredOrgFilter } from '@gatehouse/sdk'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { OrgDetails } from '../admin/org-details.tsx'
import { Form, Older, Select } from '../controls.tsx'
import { Ago, Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { Field } from '../parts/field.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useMe } from '../use-me.ts'
import { adminWords as says } from '../words/admin-words.ts'
import { NotFoundPage } from './not-found-page.tsx'
import { StatusMark } from '../parts/status-mark.tsx'

const pageSize = 50
type State = 'all' | 'suspended' | 'active'

export function AdminPage() {
  return <Found query={useMe()}>{({ instanceAdmin }) => (instanceAdmin ? <Orgs /> : <NotFoundPage />)}</Found>
}

function Orgs() {
  const [search, setSearch] = useState('')
  const [state, setState] = useState<State>('all')
  const query = useInfiniteQuery({
    queryKey: ['admin', 'orgs', search, state],
    queryFn: ({ pageParam, signal }) =>
      gatehouse.platform.admin.orgs.list(toFilter(search, state, pageParam), { signal }),
    // Safe: the first page has no cursor, all others have the previous page's.
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
  })
  return (
    <>
      <Heading title={says.title} text={says.text} />
      <Form
        label={says.title}
        class="add inline by-three"
        onSubmit={(fields) => setSearch(toText(fields, 'search').trim())}
      >
        <Field label={says.search} name="search" isOptional />
        <Select
          label={says.state}
          name="state"
          value={state}
          onChange={setState}
          choices={[
            { value: 'all', text: says.all },
            { value: 'suspended', text: says.suspendedOnly },
            { value: 'active', text: says.activeOnly },
          ]}
        />
        <button type="submit" class="primary">
          {says.find}
        </button>
      </Form>
      <Found query={query}>
        {({ pages }) => {
          const orgs = pages.flatMap((page) => page.orgs)
          return orgs.length === 0 ? (
            <EmptyState title={says.empty} text={says.emptyText} />
          ) : (
            <ul class="list" aria-label={says.title}>
              {orgs.map((org) => (
                <OrgRow key={org.id} org={org} />
              ))}
            </ul>
          )
        }}
      </Found>
      <Older query={query} text={says.older} />
    </>
  )
}

function OrgRow({ org }: { readonly org: AdministeredOrg }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <li>
      <StatusMark
        tone={org.suspendedAt === null ? 'ok' : 'down'}
        text={org.suspendedAt === null ? says.active : says.suspended}
      />
      <div class="grow">
        <span class="name">
          {org.name} {org.deletionScheduledAt === null ? null : <span class="tag">{says.deleting}</span>}
        </span>
        <div class="muted small cut">
          {org.suspendedBecause ?? `${org.slug} · ${says.counts(org.members, org.apiKeys)}`}
        </div>
      </div>
      <span class="muted small optional">
        {says.created} <Ago at={org.createdAt} />
      </span>
      <button type="button" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        {isOpen ? says.close : says.open}
      </button>
      {isOpen ? <OrgDetails org={org} /> : null}
    </li>
  )
}

function toFilter(search: string, state: State, cursor: string | null): AdministeredOrgFilter {
  return {
    limit: pageSize,
    ...(search === '' ? {} : { search }),
    ...(state === 'all' ? {} : { suspended: state === 'suspended' ? 'true' : 'false' }),
    ...(cursor === null ? {} : { cursor }),
  }
}
