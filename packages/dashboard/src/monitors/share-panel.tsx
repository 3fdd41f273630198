import type { Monitor } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { at, instanceUrl } from '../at.ts'
import { Found } from '../parts.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { SidePanel } from '../parts/side-panel.tsx'
import { gatehouse } from '../session.ts'
import { toPageAddress } from '../status-pages/page-address.ts'
import { monitorWords } from '../words/monitor-words.ts'

const says = monitorWords.share
const { services } = gatehouse.uptime

/** Badges and links that show a monitor's state on other pages. */
export function SharePanel({
  monitor: { name, serviceId },
  onClose,
}: {
  readonly monitor: Monitor
  readonly onClose: () => void
}) {
  const query = useQuery({ queryKey: ['services'], queryFn: ({ signal }) => services.list({ signal }) })
  return (
    <SidePanel title={says.title(name)} onClose={onClose}>
      <p class="muted">{says.text}</p>
      <Found query={query}>
        {(pages) => {
          const page = pages.find(({ id }) => id === serviceId)
          if (page === undefined || page.isPublic === 0)
            return (
              <p class="notice">
                {says.hidden} <a href={at('/uptime/status-pages')}>{says.openPages}</a>
              </p>
            )
          const badge = `/badge.svg?component=${encodeURIComponent(name)}`
          const address = toPageAddress(page)
          return (
            <>
              {/* From the instance, because the app loads nothing from other hosts. */}
              <img class="shown-badge" src={`${instanceUrl}/status/${page.slug}${badge}`} alt={name} />
              <dl class="snippets">
                {toSnippets(name, `${address}${badge}`, address).map(([kind, text]) => (
                  <div key={kind}>
                    <dt>{kind}</dt>
                    <dd>
                      <CopyField name={kind} text={text} />
                    </dd>
                  </div>
                ))}
              </dl>
            </>
          )
        }}
      </Found>
    </SidePanel>
  )
}

function toSnippets(name: string, badge: string, page: string) {
  const words = name.replaceAll(/[[\]()<>"&]/g, ' ')
  return [
    [says.image, badge],
    [says.markdown, `[![${words}](${badge})](${page})`],
    [says.html, `<a href="${page}"><img src="${badge}" alt="${words}"></a>`],
    [says.page, page],
  ] as const
}
