import { CopyField } from '../parts/copy-field.tsx'
import { words } from '../words.ts'
import { monitorWords } from '../words/monitor-words.ts'

const says = monitorWords.job

/** The URL of a heartbeat and the commands that ping it. */
export function JobLines({ url, periodSeconds }: { readonly url: string; readonly periodSeconds: unknown }) {
  return (
    <dl class="snippets">
      {toSnippets(url, periodSeconds).map(([name, text]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <CopyField name={name} text={text} />
          </dd>
        </div>
      ))}
    </dl>
  )
}

function toSnippets(url: string, periodSeconds: unknown): readonly (readonly [name: string, text: string])[] {
  const ask = `curl -fsS -m 10 --retry 3 -o /dev/null ${url}`
  return [
    [words.monitor.heartbeat, url],
    [says.curl, `your-job && ${ask}`],
    [says.cron, `${toCron(periodSeconds)} your-job && ${ask}`],
    [says.both, `${ask}/start; your-job; ${ask}/$?`],
  ]
}

const minuteSeconds = 60
const hourSeconds = 3_600
const daySeconds = 86_400

/** A crontab line with about the same interval. */
function toCron(periodSeconds: unknown): string {
  if (typeof periodSeconds !== 'number' || periodSeconds % minuteSeconds !== 0) return '0 3 * * *'
  if (periodSeconds < hourSeconds) return `*/${periodSeconds / minuteSeconds} * * * *`
  if (periodSeconds === hourSeconds) return '0 * * * *'
  if (periodSeconds < daySeconds && periodSeconds % hourSeconds === 0)
    return `0 */${periodSeconds / hourSeconds} * * *`
  return periodSeconds === 7 * daySeconds ? '0 3 * * 1' : '0 3 * * *'
}
