import { toDate } from '../to-date.ts'
import { usageWords as says } from '../words/usage-words.ts'
import { type DayRow, statusClasses } from './to-route-rows.ts'

const height = 160
const slot = 20

const colours = { '1xx': 'idle', '2xx': 'up', '3xx': 'idle', '4xx': 'degraded', '5xx': 'down' } as const

/** A bar chart, with the same figures as a table for screen readers. */
export function UsageChart({ rows }: { readonly rows: readonly DayRow[] }) {
  const most = Math.max(1, ...rows.map(({ calls }) => calls))
  return (
    <figure class="usage">
      <div class="axis small muted" aria-hidden="true">
        <span>{most.toLocaleString('en')}</span>
        <span>0</span>
      </div>
      <svg viewBox={`0 0 ${rows.length * slot} ${height}`} preserveAspectRatio="none" aria-hidden="true">
        {rows.map((row, index) => (
          <Bar key={row.day} row={row} left={index * slot} most={most} />
        ))}
      </svg>
      <div class="days small muted" aria-hidden="true">
        <span>{toDate(rows.at(0)?.day ?? '')}</span>
        <span>{toDate(rows.at(-1)?.day ?? '')}</span>
      </div>
      <div class="unseen">
        <table>
          <caption>{says.perDay}</caption>
          <thead>
            <tr>
              <th scope="col">{says.day}</th>
              <th scope="col">{says.total}</th>
              {statusClasses.map((name) => (
                <th key={name} scope="col">
                  {says.classes[name]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ day, calls, byClass }) => (
              <tr key={day}>
                <th scope="row">{day}</th>
                <td>{calls}</td>
                {statusClasses.map((name) => (
                  <td key={name}>{byClass[name]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  )
}

function Bar({ row, left, most }: { readonly row: DayRow; readonly left: number; readonly most: number }) {
  let bottom = height
  return (
    <g>
      <title>{`${row.day}: ${row.calls.toLocaleString('en')}`}</title>
      <rect class="ground" x={left + 2} y={height - 2} width={slot - 4} height={2} />
      {statusClasses.map((name) => {
        const tall = (row.byClass[name] / most) * height
        bottom -= tall
        return tall === 0 ? null : (
          <rect key={name} class={colours[name]} x={left + 2} y={bottom} width={slot - 4} height={tall} />
        )
      })}
    </g>
  )
}
