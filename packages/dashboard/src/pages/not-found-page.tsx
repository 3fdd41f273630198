import { at } from '../at.ts'
import { EmptyState } from '../parts/empty-state.tsx'
import { words } from '../words.ts'

export function NotFoundPage() {
  return (
    <>
      <EmptyState isPage title={words.notFound.title} text={words.notFound.text} />
      <p class="center">
        <a href={at('/uptime/monitors')}>{words.notFound.back}</a>
      </p>
    </>
  )
}
