import { useQueryClient } from '@tanstack/react-query'
import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLiveStream } from '../live/live-stream.ts'
import { StaleBanner } from '../parts/stale-banner.tsx'
import { Toasts } from '../parts/toast.tsx'
import { useLostAt } from '../reach.ts'
import type { Person } from '../session.ts'
import { SudoPrompt } from '../sudo-prompt.tsx'
import { words } from '../words.ts'
import { CommandPalette } from './command-palette.tsx'
import { focusPage } from './focus-page.ts'
import { PhoneBar } from './phone-bar.tsx'
import { SecurityNotices } from './security-notices.tsx'
import { ShortcutHelp } from './shortcut-help.tsx'
import { SideBar } from './side-bar.tsx'
import { TopLine } from './top-line.tsx'
import { useRecovery } from './use-recovery.ts'
import { useShortcuts } from './use-shortcuts.ts'

export function Frame({
  person,
  children,
}: {
  readonly person: Person
  readonly children: ComponentChildren
}) {
  const { path } = useLocation()
  const [isSideOpen, setIsSideOpen] = useState(false)
  const seen = useRef(path)
  useEffect(() => {
    if (seen.current === path) return
    seen.current = path
    setIsSideOpen(false)
    focusPage()
  }, [path])
  const [over, setOver] = useState<'palette' | 'help'>()
  const openPalette = (): void => setOver('palette')
  useShortcuts({ openPalette, openHelp: () => setOver('help') })
  const lostAtMs = useLostAt()
  useRecovery(lostAtMs !== undefined)
  useLiveStream(useQueryClient())
  return (
    <div class={isSideOpen ? 'frame side-is-open' : 'frame'}>
      <a class="skip" href="#content">
        {words.skip}
      </a>
      <SideBar person={person} isOpen={isSideOpen} onClose={() => setIsSideOpen(false)} />
      <div class="stage">
        <TopLine onSearch={openPalette} />
        <main id="content" tabIndex={-1}>
          {lostAtMs === undefined ? null : <StaleBanner sinceMs={lostAtMs} />}
          <SecurityNotices />
          {children}
        </main>
      </div>
      <PhoneBar isSideOpen={isSideOpen} onMore={() => setIsSideOpen(!isSideOpen)} />
      {over === 'palette' ? <CommandPalette onClose={() => setOver(undefined)} /> : null}
      {over === 'help' ? <ShortcutHelp onClose={() => setOver(undefined)} /> : null}
      <Toasts />
      <SudoPrompt />
    </div>
  )
}
