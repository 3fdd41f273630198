import type { ApiKey, RevealedApiKey } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { Checks, Dialog, DialogForm, Select, toChecked } from '../controls.tsx'
import { Field } from '../parts/field.tsx'
import { Refusal } from '../refusal.ts'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { keyWords as says } from '../words/key-words.ts'
import { KeyLimits, readLimits } from './key-limits.tsx'
import { scopesOf, useKeyServices } from './key-services.ts'
import { toScopeChoice } from './tell-scope.ts'
import { SecretOnce } from '../parts/secret-once.tsx'

const { apiKeys } = gatehouse.platform

type DialogProps = { readonly apiKey: ApiKey; readonly onClose: () => void }

export function EditKey({ apiKey, onClose }: DialogProps) {
  const queries = useQueryClient()
  const offered = scopesOf(useKeyServices(), apiKey.service)
  const save = useMutation({
    mutationFn: async (fields: FormData) => {
      const scopes = toChecked(fields, 'scopes')
      if (scopes.length === 0) throw new Refusal(says.noScope)
      return apiKeys.update(apiKey.id, { name: toText(fields, 'name'), scopes, ...readLimits(fields) })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['keys'] })
      onClose()
    },
  })
  return (
    <DialogForm
      title={says.editTitle(apiKey.name)}
      submit={says.save}
      isDisabled={save.isPending}
      error={save.error}
      onSubmit={(fields) => save.mutate(fields)}
      onClose={onClose}
    >
      <Field label={says.name} name="name" value={apiKey.name} />
      <Checks label={says.scopes} name="scopes" choices={offered.map(toScopeChoice)} chosen={apiKey.scopes} />
      <KeyLimits ipAllow={apiKey.ipAllow} rateLimit={apiKey.rateLimit} />
    </DialogForm>
  )
}

const overlaps = [
  { value: 'none', text: says.overlaps.none },
  { value: 'hour', text: says.overlaps.hour },
  { value: 'day', text: says.overlaps.day },
] as const
const overlapSeconds = { none: 0, hour: 3_600, day: 86_400 } as const

export function RotateKey({ apiKey, onClose }: DialogProps) {
  const queries = useQueryClient()
  const [overlap, setOverlap] = useState<keyof typeof overlapSeconds>('none')
  // The revealed key is discarded with this dialog.
  const rotate = useMutation({
    mutationFn: (): Promise<RevealedApiKey> => apiKeys.rotate(apiKey.id, overlapSeconds[overlap]),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
    gcTime: 0,
  })
  if (rotate.data !== undefined)
    return (
      <Dialog title={says.rotateTitle(apiKey.name)} onClose={onClose}>
        <SecretOnce key={rotate.data.key} text={says.once} secret={rotate.data.key} />
        <button type="button" onClick={onClose}>
          {says.close}
        </button>
      </Dialog>
    )
  return (
    <DialogForm
      title={says.rotateTitle(apiKey.name)}
      text={says.rotateText}
      submit={says.rotateSubmit}
      isDisabled={rotate.isPending}
      error={rotate.error}
      onSubmit={() => rotate.mutate()}
      onClose={onClose}
    >
      <Select label={says.overlap} name="overlap" value={overlap} onChange={setOverlap} choices={overlaps} />
    </DialogForm>
  )
}
