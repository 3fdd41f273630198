import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { useEffect, useRef, useState } from 'preact/hooks'
import { at } from './at.ts'
import { DialogForm } from './controls.tsx'
import { Complaint } from './parts.tsx'
import { Field } from './parts/field.tsx'
import { gatehouse, type Person, switchTeam } from './session.ts'
import { toText } from './to-text.ts'
import { useOnce } from './use-once.ts'
import { words } from './words.ts'
import { teamWords } from './words/team-words.ts'

const { teams } = gatehouse.platform
const says = teamWords.switcher

/** Shows the current organisation, and switches to another. */
export function OrgSwitcher({ person }: { readonly person: Person }) {
  const { route } = useLocation()
  const menu = useRef<HTMLDetailsElement>(null)
  const [isCreating, setIsCreating] = useState(false)
  const query = useQuery({
    queryKey: ['teams', person.teamId],
    queryFn: ({ signal }) => teams.list({ signal }),
  })
  const change = useMutation({
    mutationFn: (id: string) => switchTeam(id),
    onSuccess: () => route(at('/uptime/monitors')),
  })
  useEffect(() => {
    const close = ({ target }: Event): void => {
      if (target instanceof Node && menu.current?.contains(target) === false) menu.current.open = false
    }
    document.addEventListener('click', close)
    return () => document.removeEventListener('click', close)
  }, [])
  const shut = (): void => {
    // The focused element is hidden now; a dialog returns the focus to here.
    menu.current?.querySelector('summary')?.focus()
    if (menu.current !== null) menu.current.open = false
  }
  const name = query.data?.find(({ id }) => id === person.teamId)?.name ?? words.none
  return (
    <>
      <details
        ref={menu}
        class="switcher"
        onKeyDown={({ key, currentTarget }) => {
          if (key !== 'Escape') return
          shut()
          currentTarget.querySelector('summary')?.focus()
        }}
      >
        <summary aria-label={says.label(name)}>
          <span class="cut">{name}</span>
        </summary>
        <div class="menu" role="group" aria-label={says.title}>
          {query.data?.map((team) => (
            <button
              key={team.id}
              type="button"
              class="quiet"
              disabled={change.isPending}
              aria-current={team.id === person.teamId ? 'true' : undefined}
              onClick={() => (team.id === person.teamId ? shut() : change.mutate(team.id))}
            >
              <span class="cut">{team.name}</span>
              <small>{teamWords.roles[team.role]}</small>
            </button>
          ))}
          <Complaint error={query.error ?? change.error} />
          <button
            type="button"
            class="quiet apart"
            onClick={() => {
              shut()
              setIsCreating(true)
            }}
          >
            {says.create}
          </button>
        </div>
      </details>
      {isCreating ? <NewTeam onClose={() => setIsCreating(false)} /> : null}
    </>
  )
}

function NewTeam({ onClose }: { readonly onClose: () => void }) {
  const { route } = useLocation()
  const create = useMutation({
    mutationFn: useOnce(async (name: string, idempotencyKey) =>
      switchTeam((await teams.create(name, { idempotencyKey })).id),
    ),
    onSuccess: () => route(at('/uptime/monitors')),
  })
  return (
    <DialogForm
      title={says.create}
      text={says.createText}
      submit={says.submit}
      isDisabled={create.isPending}
      error={create.error}
      onSubmit={(fields) => create.mutate(toText(fields, 'name'))}
      onClose={onClose}
    >
      <Field label={says.name} name="name" placeholder={says.placeholder} autoComplete="organization" />
    </DialogForm>
  )
}
