import { useLocation } from 'preact-iso'
import { at } from '../at.ts'
import { accountWords } from '../words/account-words.ts'

const tabs = [
  [at('/account'), accountWords.general],
  [at('/account/security'), accountWords.security],
] as const

export function AccountTabs() {
  const { path } = useLocation()
  return (
    <nav class="tabs" aria-label={accountWords.sections}>
      {tabs.map(([href, name]) => (
        <a key={href} href={href} {...(href === path ? { 'aria-current': 'page' as const } : {})}>
          {name}
        </a>
      ))}
    </nav>
  )
}
