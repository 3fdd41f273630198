import type { Service } from '@gatehouse/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'preact/hooks'
import { instanceUrl } from '../at.ts'
import { Section, Select } from '../controls.tsx'
import { CopyField } from '../parts/copy-field.tsx'
import { gatehouse } from '../session.ts'
import { statusPageWords as says } from '../words/status-page-words.ts'

const whole = ''

/** Where the page is, and what to put into other pages. */
export function SharePage({ service }: { readonly service: Service }) {
  const [component, setComponent] = useState(whole)
  const { data } = useQuery({
    queryKey: ['monitors'],
    queryFn: ({ signal }) => gatehouse.uptime.monitors.list({}, { signal }),
  })
  const names = (data?.monitors ?? []).filter(({ serviceId }) => serviceId === service.id)
  const link = `${instanceUrl}/status/${service.slug}`
  const badge = `${link}/badge.svg${component === whole ? '' : `?component=${encodeURIComponent(component)}`}`
  const called = component === whole ? service.name : component
  const snippets = [
    [says.link, link],
    [says.markdown, `[![${called.replaceAll(/[[\]\\]/g, '')}](${badge})](${link})`],
    [says.html, `<a href="${link}"><img src="${badge}" alt="${toAttribute(called)}"></a>`],
  ] as const
  return (
    <Section title={says.share} text={service.isPublic === 1 ? says.shareText : says.sharePrivate}>
      <Select
        label={says.of}
        name="component"
        value={component}
        choices={[
          { value: whole, text: says.whole },
          ...names.map(({ name }) => ({ value: name, text: name })),
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
