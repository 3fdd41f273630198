import type { Service } from '@gatehouse/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { at } from '../at.ts'
import { DialogForm } from '../controls.tsx'
import { Field } from '../parts/field.tsx'
import { showToast } from '../parts/toast.tsx'
import { Refusal } from '../refusal.ts'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'

/** The page's address is lost permanently, so the user has to type its name. */
export function DeletePage({ service: { id, name } }: { readonly service: Service }) {
  const queries = useQueryClient()
  const { route } = useLocation()
  const [isAsking, setIsAsking] = useState(false)
  const remove = useMutation({
    mutationFn: async (typed: string) => {
      if (typed.trim() !== name) throw new Refusal(says.deleteWrong)
      await gatehouse.uptime.services.delete(id)
    },
    onSuccess: () => {
      showToast(says.deleted(name))
      route(at('/uptime/status-pages'))
      return queries.invalidateQueries({ queryKey: ['services'] })
    },
  })
  return (
    <>
      <button type="button" class="quiet" onClick={() => setIsAsking(true)}>
        {says.delete}
      </button>
      {isAsking ? (
        <DialogForm
          title={says.deleteTitle(name)}
          text={says.deleteText}
          submit={says.delete.replace('…', '')}
          isDangerous
          isDisabled={remove.isPending}
          error={remove.error}
          onSubmit={(fields) => remove.mutate(toText(fields, 'name'))}
          onClose={() => {
            remove.reset()
            setIsAsking(false)
          }}
        >
          <Field label={says.deleteName} name="name" placeholder={name} />
        </DialogForm>
      ) : null}
    </>
  )
}
