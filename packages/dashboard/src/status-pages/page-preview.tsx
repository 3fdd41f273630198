import type { NewPageLayout, Service } from '@gatehouse/sdk'
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'preact/hooks'
import { instanceUrl } from '../at.ts'
import { Section } from '../controls.tsx'
import { language } from '../language.ts'
import { Found } from '../parts.tsx'
import { Segments } from '../parts/choices.tsx'
import { gatehouse } from '../session.ts'
import { useSettled } from '../use-settled.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'
import { type PageDraft, toDescription } from './page-draft.ts'

type Preview = Awaited<ReturnType<typeof gatehouse.uptime.services.preview>>
type Width = 'wide' | 'phone'

/** A preview of the page with the edited values, rendered by the server. */
export function usePreview(
  { id }: Service,
  draft: PageDraft,
  layout?: NewPageLayout,
  reader: 'en' | 'ja' = draft.language === 'auto' ? language : draft.language,
): UseQueryResult<Preview> {
  const { name, timeZone } = draft
  const description = toDescription(draft)
  const settled = useSettled(
    useMemo(
      () => ({ name, timeZone, description, ...(layout === undefined ? {} : { layout }) }),
      [name, timeZone, description, layout],
    ),
    500,
  )
  return useQuery({
    queryKey: ['page-preview', id, reader, settled],
    queryFn: ({ signal }) =>
      gatehouse.uptime.services.preview(id, { ...settled, language: reader }, { signal }),
    placeholderData: (before) => before,
    retry: false,
  })
}

export function PagePreview({
  service,
  draft,
  layout,
}: {
  readonly service: Service
  readonly draft: PageDraft
  /** The unsaved layout, if there is one. */
  readonly layout: NewPageLayout | undefined
}) {
  const [chosen, setChosen] = useState<'en' | 'ja'>()
  const [width, setWidth] = useState<Width>('wide')
  const reader = chosen ?? (draft.language === 'auto' ? language : draft.language)
  const query = usePreview(service, draft, layout, reader)
  return (
    <Section title={says.preview} text={says.previewText}>
      <div class="actions">
        <Segments
          label={says.width}
          value={width}
          options={(['wide', 'phone'] as const).map((value) => ({ value, text: says.widths[value] }))}
          onChoose={setWidth}
        />
        <Segments
          label={says.reader}
          value={reader}
          options={(['en', 'ja'] as const).map((value) => ({ value, text: says.languages[value] }))}
          onChoose={setChosen}
        />
      </div>
      <Found query={query}>{({ html }) => <Frame html={html} width={width} />}</Found>
    </Section>
  )
}

function Frame({ html, width }: { readonly html: string; readonly width: Width }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    // A blob has no base URL for the relative address of the stylesheet.
    const whole = html.replaceAll(/(href|src)="assets\//g, `$1="${instanceUrl}/status/assets/`)
    const made = URL.createObjectURL(new Blob([whole], { type: 'text/html;charset=utf-8' }))
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [html])
  if (url === undefined) return null
  return (
    <iframe
      class={width === 'phone' ? 'page-preview phone' : 'page-preview'}
      title={says.preview}
      // Scripts do not run; the stylesheet is from our origin.
      sandbox="allow-same-origin"
      src={url}
    />
  )
}
