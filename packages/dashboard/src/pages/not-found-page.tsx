import { at } from '../at.ts'
import { Empty } from '../parts.tsx'
import { words } from '../words.ts'

export function NotFoundPage() {
  return (
    <>
      <Empty isPage title={words.notFound.title} text={words.notFound.text} />
      <p class="center">
        <a href={at('/uptime/monitors')}>{words.notFound.back}</a>
      </p>
    </>
  )
}
