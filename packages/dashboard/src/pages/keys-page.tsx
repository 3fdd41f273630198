import type { ApiKey } from '@gatehouse/sdk'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { EditKey, RotateKey } from '../keys/key-dialogs.tsx'
import { KeyRow } from '../keys/key-row.tsx'
import { KeySymbols } from '../keys/key-symbols.tsx'
import { NewKey } from '../keys/new-key.tsx'
import { Complaint, Found, Heading } from '../parts.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { gatehouse, usePerson } from '../session.ts'
import { keyWords as says } from '../words/key-words.ts'

const { apiKeys } = gatehouse.platform

export function KeysPage() {
  const queries = useQueryClient()
  const isOwner = usePerson()?.role === 'owner'
  const [editing, setEditing] = useState<ApiKey>()
  const [rotating, setRotating] = useState<ApiKey>()
  const [limiting, setLimiting] = useState<ApiKey>()
  const query = useQuery({ queryKey: ['keys'], queryFn: ({ signal }) => apiKeys.list({ signal }) })
  const revoke = useMutation({
    mutationFn: (id: string) => apiKeys.revoke(id),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  })
  return (
    <>
      <Heading title={says.title} text={isOwner ? says.text : says.textForOthers} />
      {isOwner ? <NewKey /> : null}
      <Complaint error={revoke.error} />
      <Found query={query}>
        {(keys) =>
          keys.length === 0 ? (
            <EmptyState title={says.empty} text={isOwner ? says.emptyText : says.emptyForOthers} />
          ) : (
            <ul class="list" aria-label={says.title}>
              {keys.map((key) => (
                <KeyRow
                  key={key.id}
                  apiKey={key}
                  isOwner={isOwner}
                  onEdit={() => setEditing(key)}
                  onRotate={() => setRotating(key)}
                  onSymbols={() => setLimiting(key)}
                  onRevoke={() => revoke.mutate(key.id)}
                />
              ))}
            </ul>
          )
        }
      </Found>
      {editing === undefined ? null : <EditKey apiKey={editing} onClose={() => setEditing(undefined)} />}
      {rotating === undefined ? null : <RotateKey apiKey={rotating} onClose={() => setRotating(undefined)} />}
      {limiting === undefined ? null : (
        <KeySymbols apiKey={limiting} onClose={() => setLimiting(undefined)} />
      )}
    </>
  )
}
