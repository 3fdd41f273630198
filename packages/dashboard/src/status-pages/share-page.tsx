import type { Service } from '@gatehouse/sdk'
import { useState } from 'preact/hooks'
import { Section, Select } from '../controls.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { type LayoutRow, nameOf } from './layout-draft.ts'
import { toPageAddress } from './page-address.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'
import { subscriberWords } from '../words/subscriber-words.ts'

const whole = ''
const { feed: feedNames } = subscriberWords

/** The page's address, badges to embed in other pages, and what programs follow. */
export function SharePage({
  service,
  rows,
}: {
  readonly service: Service
  readonly rows: readonly LayoutRow[]
}) {
  const [component, setComponent] = useState(whole)
  const shown = rows.filter((row) => row.kind === 'component' && !row.hidden)
  const chosen = shown.find(({ key }) => key === component)
  const link = toPageAddress(service)
  const badge = `${link}/badge.svg${chosen === undefined ? '' : `?component=${encodeURIComponent(chosen.key)}`}`
  const called = chosen === undefined ? service.name : nameOf(chosen)
  const snippets = [
    [says.link, link],
    [says.markdown, `[![${called.replaceAll(/[[\]\\]/g, '')}](${badge})](${link})`],
    [says.html, `<a href="${link}"><img src="${badge}" alt="${toAttribute(called)}"></a>`],
    // Programs that follow a page cannot log in to one that is not public.
    ...(service.access === 'public'
      ? ([
          [feedNames.atom, `${link}/history.atom`],
          [feedNames.rss, `${link}/history.rss`],
          [feedNames.calendar, `${link}/calendar.ics`],
        ] as const)
      : []),
  ] as const
  return (
    <Section title={says.share} text={says.shares[service.access]}>
      <Select
        label={says.of}
        name="component"
        value={component}
        choices={[
          { value: whole, text: says.whole },
          ...shown.map((row) => ({ value: row.key, text: nameOf(row) })),
        ]}
        onChange={setComponent}
      />
      <dl class="snippets">
        {snippets.map(([name, text]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <CopyField text={text} name={name} />
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function toAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')
}
