import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { describeModules } from '../src/openapi.ts'
import { destinations } from '../src/services/uptime/destinations/destinations.ts'
import { monitorTypes } from '../src/services/uptime/monitor-types/monitor-types.ts'
import { listTexts } from './fixtures/list-texts.ts'

/** Where U+0000 may come in, and why no database ever sees it. */
const elsewhere: readonly (readonly [place: RegExp, because: string])[] = [
  [
    /ping.* (query\.rid(\[\])?|params\.(token|suffix))$/i,
    'it is replaced: a ping is never refused for what it carries',
  ],
  [/\.clientExtensionResults\b/, 'it is compared, and never stored'],
  [/^openStream query\.(symbols|timeframes)$/, 'it is looked for in a list'],
  [
    /^(dashboardC|c|dashboardU|u)(reate|pdate)(Monitor|Channel) body\.config\{name\}$/,
    'each type has its own config',
  ],
  [
    /^appendOversightAudit body\.payload\b/,
    'it is stored as the text of its canonical JSON, in which it is escaped',
  ],
  [/^scoreDecision body\{name\}$/, 'only its hash is stored'],
  [/\.decision_metadata\{name\}$/, 'three names are kept, and what else there is is dropped'],
  [
    /attestation\.(nonce|nonce_signature|credential_id|authenticator_data|client_data_json|signature|proof)$/,
    'evidence that does not hold lowers the grade, and is never stored',
  ],
  [
    /^(recordTelemetryEvent|challengeDecision|(dashboardA|a)ttestOwnDecision) body\.nonce(_signature)?$/,
    'it is compared, and never stored',
  ],
  [/^observeAiCall body\.timestamp$/, 'the clock of the caller is not used'],
  [/^(getDeviceLogin params|(approve|deny)Device body)\.userCode$/, 'letters alone are taken from it'],
]

describe('texts-that-no-database-holds-are-refused-by-name', () => {
  it('wherever a request can hold a text', () => {
    const bodies = describeModules()
      .flatMap(({ endpoints }) => [...endpoints])
      .flatMap(({ id, body, query, params }) =>
        Object.entries({ body, query, params }).flatMap(([part, schema]) =>
          schema === undefined ? [] : listTexts(schema, `${id} ${part}`),
        ),
      )
    const configs = Object.entries({ ...monitorTypes, ...destinations }).flatMap(([type, { config }]) =>
      listTexts(config, type),
    )
    const texts = [...bodies, ...configs]
    expect(texts.length).toBeGreaterThan(300)
    const open = texts.filter(({ schema }) => takesNul(schema)).map(({ place }) => place)
    const isSaid = (place: string): boolean => elsewhere.some(([pattern]) => pattern.test(place))
    expect(open.filter((place) => !isSaid(place))).toEqual([])
    expect(elsewhere.filter(([pattern]) => !open.some((place) => pattern.test(place)))).toEqual([])
  })
})

/** Whether a text of any length gets through with U+0000 in it. */
function takesNul(schema: z.ZodType): boolean {
  return [1, 2, 3, 5, 10, 16, 20, 26, 32, 40, 64].some((length) =>
    [`${'a'.repeat(length)}\0`, `${'a'.repeat(length)}\0a`].some((value) => schema.safeParse(value).success),
  )
}
