import { useQueryClient } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { at } from '../at.ts'
import { useReturnFocus } from '../parts/return-focus.ts'
import { signOut } from '../session.ts'
import { chooseNow } from './choose-now.ts'
import { themes } from '../theme.ts'
import { words } from '../words.ts'
import { frameWords } from '../words/frame-words.ts'
import { paletteWords as says } from '../words/palette-words.ts'
import { findCommands } from './find-commands.ts'
import { Icon, type IconName } from './icon.tsx'
import { readKnownMonitors } from './known-monitors.ts'
import { usePlaces } from './use-places.ts'

export type Command = {
  readonly id: string
  readonly name: string
  readonly kind: keyof typeof says.kinds
  readonly icon: IconName
  readonly run: () => void
}

const shownMax = 12

/** A search for pages and actions by parts of their names. */
export function CommandPalette({ onClose }: { readonly onClose: () => void }) {
  useReturnFocus()
  const dialog = useRef<HTMLDialogElement>(null)
  const listId = useId()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(0)
  const found = findCommands(useCommands(), text).slice(0, shownMax)
  useEffect(() => dialog.current?.showModal(), [])
  const run = (command: Command | undefined): void => {
    if (command === undefined) return
    dialog.current?.close()
    command.run()
  }
  const move = (to: number): void => setChosen((to + found.length) % Math.max(1, found.length))
  return (
    <dialog
      ref={dialog}
      class="palette"
      aria-label={says.title}
      onClose={onClose}
      onClick={({ target, currentTarget }) => {
        if (target === currentTarget) currentTarget.close()
      }}
    >
      <input
        type="text"
        role="combobox"
        aria-label={says.title}
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={found[chosen] === undefined ? '' : `${listId}-${chosen}`}
        placeholder={says.placeholder}
        autoComplete="off"
        spellcheck={false}
        value={text}
        onInput={({ currentTarget }) => {
          setText(currentTarget.value)
          setChosen(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(chosen + 1)
          else if (event.key === 'ArrowUp') move(chosen - 1)
          else if (event.key === 'Enter' && !event.isComposing) run(found[chosen])
          else return
          event.preventDefault()
        }}
      />
      <div id={listId} role="listbox" aria-label={says.title}>
        {found.map((command, index) => (
          <div
            key={command.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => setChosen(index)}
            onClick={() => run(command)}
          >
            <Icon name={command.icon} />
            <span class="cut">{command.name}</span>
            <span class="muted small">{says.kinds[command.kind]}</span>
          </div>
        ))}
      </div>
      {found.length === 0 ? <p class="muted">{says.none}</p> : null}
    </dialog>
  )
}

function useCommands(): readonly Command[] {
  const { route } = useLocation()
  const queries = useQueryClient()
  const places = [...usePlaces().values()].flat()
  return [
    ...places.map(({ path, name, icon }): Command => ({
      id: path,
      name,
      kind: 'place',
      icon,
      run: () => route(at(path)),
    })),
    ...readKnownMonitors(queries).map(({ id, name }): Command => ({
      id,
      name,
      kind: 'monitor',
      icon: 'pulse',
      run: () => route(at(`/uptime/monitors/${id}`)),
    })),
    ...themes.map((theme): Command => ({
      id: theme,
      name: says.theme(frameWords.themes[theme]),
      kind: 'act',
      icon: 'sliders',
      run: () => chooseNow({ theme }),
    })),
    {
      id: 'sign-out',
      name: words.signOut,
      kind: 'act',
      icon: 'door',
      run: () => void signOut().catch(() => undefined),
    },
  ]
}
