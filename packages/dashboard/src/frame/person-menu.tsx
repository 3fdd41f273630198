import { useEffect, useRef } from 'preact/hooks'
import { at } from '../at.ts'
import { language, languages } from '../language.ts'
import type { Place } from '../places.tsx'
import { type Person, signOut } from '../session.ts'
import { themes, useTheme } from '../theme.ts'
import { words } from '../words.ts'
import { frameWords as says } from '../words/frame-words.ts'
import { chooseNow } from './choose-now.ts'
import { Icon } from './icon.tsx'

/** The signed-in user and their personal pages. */
export function PersonMenu({
  person,
  places,
  current,
}: {
  readonly person: Person
  readonly places: readonly Place[]
  readonly current: Place | undefined
}) {
  const menu = useRef<HTMLDetailsElement>(null)
  const theme = useTheme()
  useEffect(() => {
    const close = ({ target }: Event): void => {
      if (target instanceof Node && menu.current?.contains(target) === false) menu.current.open = false
    }
    document.addEventListener('click', close)
    return () => document.removeEventListener('click', close)
  }, [])
  const close = (): void => {
    if (menu.current !== null) menu.current.open = false
  }
  const mark = (place: Place) => (place === current ? { 'aria-current': 'page' as const } : {})
  const [account, ...others] = places
  return (
    <div class="who">
      {account === undefined ? null : (
        <a href={at(account.path)} title={person.shownEmail} {...mark(account)}>
          <span class="face" aria-hidden="true">
            {toInitials(person.name)}
          </span>
          <span class="cut">{person.name}</span>
        </a>
      )}
      <details
        ref={menu}
        class="person-menu"
        onKeyDown={({ key, currentTarget }) => {
          if (key !== 'Escape') return
          close()
          currentTarget.querySelector('summary')?.focus()
        }}
      >
        <summary role="button" aria-label={says.menu}>
          <Icon name="more" />
        </summary>
        <div class="menu">
          {others.map((place) => (
            <a key={place.path} href={at(place.path)} onClick={close} {...mark(place)}>
              <Icon name={place.icon} />
              {place.name}
            </a>
          ))}
          <fieldset class="choice">
            <legend>{says.theme}</legend>
            <div class="segments">
              {themes.map((name) => (
                <button
                  key={name}
                  type="button"
                  aria-pressed={name === theme}
                  onClick={() => chooseNow({ theme: name })}
                >
                  {says.themes[name]}
                </button>
              ))}
            </div>
          </fieldset>
          <fieldset class="choice">
            <legend>{says.language}</legend>
            <div class="segments">
              {languages.map((name) => (
                <button
                  key={name}
                  type="button"
                  lang={name}
                  aria-pressed={name === language}
                  onClick={() => chooseNow({ language: name })}
                >
                  {says.languages[name]}
                </button>
              ))}
            </div>
          </fieldset>
          <button type="button" class="quiet apart" onClick={() => void signOut().catch(() => undefined)}>
            {words.signOut}
          </button>
        </div>
      </details>
    </div>
  )
}

function toInitials(name: string): string {
  const [first = '', ...rest] = name.trim().split(/\s+/)
  return ([...first][0] ?? '').concat([...(rest.at(-1) ?? '')][0] ?? '').toUpperCase()
}
