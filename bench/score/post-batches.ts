import { Agent, request } from 'node:http'

export type Caller = { readonly key: string; readonly name: string }

export type Posted = {
  /** Interactions in answers of 200. */
  readonly answered: number
  /** Calls that a limit refused, or that found no free connection in time. */
  readonly refused: number
  readonly seconds: number
}

const batchItems = 100
const operators = 64
const pauseMs = 250

/** Keeps `inFlight` batches of each caller on their way for a while; every batch is new. */
export async function postBatches(
  port: number,
  callers: readonly Caller[],
  { inFlight, seconds, run }: { readonly inFlight: number; readonly seconds: number; readonly run: string },
): Promise<Posted> {
  const agent = new Agent({ keepAlive: true, maxSockets: Infinity })
  let [answered, refused, made] = [0, 0, 0]
  // One call of each key by itself: many that are not proven yet would be a flood from one address.
  for (const caller of callers)
    answered +=
      (await post(agent, port, caller.key, toBody(`${run}-${caller.name}-first`, 0))) === 200 ? batchItems : 0
  const startedMs = performance.now()
  const endsMs = startedMs + seconds * 1_000
  const lane = async ({ key, name }: Caller): Promise<void> => {
    while (performance.now() < endsMs) {
      made += 1
      const status = await post(agent, port, key, toBody(`${run}-${name}-${made}`, made))
      if (status === 200) answered += batchItems
      else if (status === 429 || status === 503) {
        refused += 1
        await new Promise((resolve) => setTimeout(resolve, pauseMs))
      } else throw new Error(`A batch was answered with ${status}`)
    }
  }
  await Promise.all(callers.flatMap((caller) => Array.from({ length: inFlight }, () => lane(caller))))
  agent.destroy()
  return { answered, refused, seconds: (performance.now() - startedMs) / 1_000 }
}

const items = Array.from({ length: batchItems }, (_, at) => ({
  ai_recommendation_presented: true,
  ai_available: true,
  time_to_decision_ms: 800 + 137 * ((at * at) % 97),
  decision: at % 4 === 0 ? 'rejected' : 'accepted',
  modification_extent: 0,
  scenario_type: at % 8 === 0 ? 'split' : 'standard',
  hover_events: at % 4,
  scroll_depth: (at % 6) / 5,
  alternative_views_checked: at % 3,
  outcome_correct: at % 5 !== 0,
}))
const itemsText = JSON.stringify(items)

function toBody(session: string, count: number): string {
  return `{"session_id":"${session}","operator_id":"op-${count % operators}","domain":"financial","interactions":${itemsText}}`
}

function post(agent: Agent, port: number, key: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/v1/score/batch',
        headers: {
          'x-api-key': key,
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
        },
      },
      (response) => {
        response.resume()
        response.on('end', () => resolve(response.statusCode ?? 0))
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
