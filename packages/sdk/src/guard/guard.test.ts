import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Gatehouse, type GateVerdict } from '../index.ts'
import {
  askFirst,
  DecisionHeld,
  expressGate,
  fastifyGate,
  guard,
  guardToolCalls,
  type Oversight,
} from './index.ts'

type Answer = { readonly status: number; readonly body: unknown } | 'hang' | 'reset'

let server: Server
let baseUrl: string
let answers: Answer[]
let seen: { readonly url: string; readonly body: unknown }[]
let oversight: Oversight

beforeEach(async () => {
  answers = []
  seen = []
  server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk as Buffer)
      seen.push({ url: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) as unknown })
      const answer = answers.shift() ?? { status: 500, body: {} }
      if (answer === 'hang') return
      if (answer === 'reset') return void request.socket.destroy()
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  oversight = new Gatehouse({ baseUrl, apiKey: 'ck_live_x' }).oversight
})
afterEach(async () => {
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

const request = { model: { provider: 'openai' }, domain: 'general' }

function routed(route: string, more: object = {}): Answer {
  return {
    status: 200,
    body: {
      ai_decision_log_id: 'dec_1',
      routing_decision: route,
      drs: 0.5,
      drs_reason_codes: ['x'],
      ...more,
    },
  }
}

function resolved(route: 'auto' | 'policy_blocked'): Answer {
  const action = route === 'auto' ? 'approve' : 'reject'
  const resolution = { action, by: 'reviewer', final_route: route }
  return { status: 200, body: { state: 'resolved', resolution, first_resume: true } }
}

const waits = routed('must_review', { resume_token: 'rst_1', expires_at: '2026-01-01T00:00:00.000Z' })

describe('the-gate-fails-closed', () => {
  it.each<[what: string, answer: Answer, because: string]>([
    ['another status', { status: 500, body: { error: { code: 'INTERNAL_ERROR' } } }, 'status'],
    ['a refusal', { status: 422, body: { error: { code: 'VALIDATION_FAILED', message: 'no' } } }, 'status'],
    ['an outage that says auto', { status: 503, body: { routing_decision: 'auto' } }, 'status'],
    ['a body that is no JSON', { status: 200, body: '<html>' }, 'unreadable'],
    ['an empty body', { status: 200, body: '' }, 'unreadable'],
    ['a route that nobody knows', routed('maybe'), 'unreadable'],
    ['no route', routed(''), 'unreadable'],
    ['a route in another spelling', routed('AUTO'), 'unreadable'],
    ['auto without an id', { status: 200, body: { routing_decision: 'auto', drs: 0 } }, 'unreadable'],
    ['a review without a token', routed('must_review', { resume_token: null }), 'unreadable'],
    ['a policy', routed('policy_blocked'), 'policy'],
    ['a connection that breaks', 'reset', 'network'],
  ])('%s is a block', async (_what, answer, because) => {
    answers = [answer]
    expect(await oversight.gate(request)).toMatchObject({ route: 'policy_blocked', because })
  })

  it('an answer that does not come in time is a block, and so is a caller who gives up', async () => {
    answers = ['hang', 'hang']
    const { gate } = new Gatehouse({ baseUrl, apiKey: 'k' }).oversight
    expect(await gate(request, { timeoutMs: 50 })).toMatchObject({ because: 'timeout' })
    const gone = AbortSignal.abort()
    expect(await gate(request, { signal: gone })).toMatchObject({ because: 'aborted' })
  })

  it('nobody listening is a block', async () => {
    const { gate } = new Gatehouse({ baseUrl: 'http://127.0.0.1:1', apiKey: 'k' }).oversight
    expect(await gate(request)).toMatchObject({ route: 'policy_blocked', because: 'network' })
  })

  it('auto goes on, and a review names what to wait with', async () => {
    answers = [routed('auto'), waits]
    expect(await oversight.gate(request)).toEqual({
      route: 'auto',
      decision: { id: 'dec_1', score: 0.5, reasons: ['x'], expiresAt: null },
    })
    expect(await oversight.gate(request)).toMatchObject({ route: 'must_review', resumeToken: 'rst_1' })
  })
})

describe('waiting for a person', () => {
  it('asks again until somebody has decided, also past a server that is away', async () => {
    answers = [
      { status: 202, body: { state: 'pending' } },
      'reset',
      { status: 503, body: { error: { code: 'SERVICE_UNAVAILABLE', message: 'x' } } },
      resolved('auto'),
    ]
    expect(await oversight.waitForDecision('rst_1')).toMatchObject({
      state: 'resolved',
      resolution: { final_route: 'auto' },
      firstResume: true,
    })
    expect(seen.map(({ body }) => body)).toEqual(
      Array.from({ length: 4 }, () => ({ resume_token: 'rst_1', wait_s: 25 })),
    )
  })

  it('a token that nobody knows is told at once', async () => {
    answers = [{ status: 404, body: { error: { code: 'NOT_FOUND', message: 'There is nothing here' } } }]
    await expect(oversight.waitForDecision('rst_x')).rejects.toMatchObject({ status: 404 })
  })

  it('ends as pending when the caller’s time is over', async () => {
    answers = [{ status: 202, body: { state: 'pending' } }]
    expect(await oversight.waitForDecision('rst_1', { timeoutMs: 100 })).toEqual({ state: 'pending' })
  })
})

describe('a function behind a guard', () => {
  it('runs on auto, with its own this and arguments', async () => {
    answers = [routed('auto')]
    const account = {
      balance: 5,
      pay: guard(oversight, (amount: number) => ({ ...request, stakes: amount / 10 }))(function (
        this: { balance: number },
        amount: number,
      ) {
        return this.balance - amount
      }),
    }
    expect(await account.pay(2)).toBe(3)
    expect(seen[0]?.body).toMatchObject({ stakes: 0.2 })
  })

  it('does not run when a person has to look, and the error holds the token', async () => {
    answers = [waits]
    let ran = 0
    const work = guard(oversight, () => request)(() => (ran += 1))
    const error: unknown = await work().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(DecisionHeld)
    expect(error).toMatchObject({ resumeToken: 'rst_1', verdict: { route: 'must_review' } })
    expect(ran).toBe(0)
  })

  it.each<[final: 'auto' | 'policy_blocked', ran: number]>([
    ['auto', 1],
    ['policy_blocked', 0],
  ])('waits if it was told to: %s', async (final, expected) => {
    answers = [waits, resolved(final)]
    let ran = 0
    const work = guard(oversight, () => request, { whenHeld: 'wait' })(() => (ran += 1))
    await work().catch((error: unknown) => expect(error).toBeInstanceOf(DecisionHeld))
    expect(ran).toBe(expected)
  })

  it('a block is not waited for', async () => {
    answers = [routed('policy_blocked')]
    await expect(askFirst(oversight, request, { whenHeld: 'wait' })).rejects.toBeInstanceOf(DecisionHeld)
    expect(seen).toHaveLength(1)
  })
})

describe('a web server behind the gate', () => {
  type Sent = { status?: number; body?: unknown }

  async function throughFastify(): Promise<Sent> {
    const sent: Sent = {}
    const reply = {
      code: (status: number) => {
        sent.status = status
        return { send: (body: unknown) => (sent.body = body) }
      },
    }
    await fastifyGate(oversight, (asked: { pay: boolean }) => (asked.pay ? request : undefined))(
      { pay: true },
      reply,
    )
    return sent
  }

  async function throughExpress(pay: boolean): Promise<Sent & { wentOn: boolean }> {
    const sent: Sent & { wentOn: boolean } = { wentOn: false }
    const response = {
      status: (status: number) => {
        sent.status = status
        return { json: (body: unknown) => (sent.body = body) }
      },
    }
    const gate = expressGate(oversight, (asked: { pay: boolean }) => (asked.pay ? request : undefined))
    await gate({ pay }, response, () => (sent.wentOn = true))
    return sent
  }

  it('auto goes on, and so does what needs no gate, unasked', async () => {
    answers = [routed('auto'), routed('auto')]
    expect(await throughFastify()).toEqual({})
    expect(await throughExpress(true)).toEqual({ wentOn: true })
    expect(await throughExpress(false)).toEqual({ wentOn: true })
    expect(seen).toHaveLength(2)
  })

  it('what waits is 202 with the token, what is blocked 403, and neither goes on', async () => {
    answers = [waits, waits, routed('policy_blocked'), { status: 500, body: {} }]
    const held = { status: 202, body: { error: { code: 'HUMAN_REVIEW_REQUIRED' }, resume_token: 'rst_1' } }
    expect(await throughFastify()).toMatchObject(held)
    expect(await throughExpress(true)).toMatchObject({ ...held, wentOn: false })
    const blocked = { status: 403, body: { error: { code: 'POLICY_BLOCKED' }, resume_token: null } }
    expect(await throughFastify()).toMatchObject(blocked)
    expect(await throughExpress(true)).toMatchObject({ ...blocked, wentOn: false })
  })

  it('what cannot be described is an error, and goes no further', async () => {
    let error: unknown
    const fail = (): never => {
      throw new Error('odd')
    }
    await expressGate(oversight, fail)(
      {},
      { status: () => ({ json: () => undefined }) },
      (one) => (error = one),
    )
    expect(error).toMatchObject({ message: 'odd' })
    expect(seen).toHaveLength(0)
  })
})

describe('a model’s tool calls', () => {
  const openAiChat = {
    model: 'gpt',
    choices: [
      {
        message: {
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'pay', arguments: '{"eur":5}' } }],
        },
      },
    ],
  }
  const openAiResponse = {
    model: 'gpt',
    output: [
      { type: 'message', content: [] },
      { type: 'function_call', call_id: 'c2', name: 'pay', arguments: '{}' },
      { type: 'computer_call', call_id: 'c3' },
    ],
  }
  const anthropic = {
    model: 'claude',
    content: [
      { type: 'text', text: 'x' },
      { type: 'tool_use', id: 't1', name: 'pay', input: { eur: 5 } },
    ],
  }

  class Resource {
    readonly #answer: unknown
    constructor(answer: unknown) {
      this.#answer = answer
    }
    async create(_params: object): Promise<unknown> {
      return this.#answer
    }
    stream(_params: object): unknown {
      return this.#answer
    }
  }

  const clients = {
    'openai chat': { client: { chat: { completions: new Resource(openAiChat) } }, tools: ['pay'] },
    'openai responses': {
      client: { responses: new Resource(openAiResponse) },
      tools: ['pay', 'computer_call'],
    },
    anthropic: { client: { messages: new Resource(anthropic) }, tools: ['pay'] },
  } as const

  const resourceOf = (client: object): Resource =>
    // Safe: each of the clients has one of these.
    ((client as { chat?: { completions: Resource } }).chat?.completions ??
      (client as { responses?: Resource }).responses ??
      (client as { messages?: Resource }).messages) as Resource

  it.each(Object.entries(clients))(
    '%s: every call is asked about before the answer is out',
    async (_name, { client, tools }) => {
      answers = tools.map(() => routed('auto'))
      const guarded = resourceOf(guardToolCalls(client, oversight, { describe: () => ({ stakes: 0.9 }) }))
      expect(await guarded.create({ tools: [] })).toBeDefined()
      const asked = seen.map(({ body }) => (body as { decision_category: string }).decision_category)
      expect(asked.toSorted((a, b) => a.localeCompare(b))).toEqual(
        [...tools].toSorted((a, b) => a.localeCompare(b)),
      )
      expect(seen[0]?.body).toMatchObject({ stakes: 0.9, ai_output: { tool: expect.any(String) as string } })
    },
  )

  it.each(Object.entries(clients))(
    '%s: one call that may not run holds back the whole answer',
    async (_name, { client, tools }) => {
      answers = [...tools.slice(1).map(() => routed('auto')), waits]
      await expect(resourceOf(guardToolCalls(client, oversight)).create({})).rejects.toBeInstanceOf(
        DecisionHeld,
      )
    },
  )

  it('what streams calls, or runs tools by itself, is refused before anything is sent', async () => {
    const { client } = clients.anthropic
    const guarded = resourceOf(guardToolCalls(client, oversight))
    expect(() => guarded.stream({})).toThrow('guard the tools themselves')
    await expect(guarded.create({ stream: true, tools: [] })).rejects.toThrow('guard the tools themselves')
    expect(seen).toHaveLength(0)
    expect(await resourceOf(client).create({})).toBe(anthropic)
  })

  it('an answer without calls is not asked about, and another object is no client', async () => {
    const plain = { messages: new Resource({ content: [{ type: 'text', text: 'x' }] }) }
    await guardToolCalls(plain, oversight).messages.create({})
    expect(seen).toHaveLength(0)
    expect(() => guardToolCalls({}, oversight)).toThrow(TypeError)
  })
})

it('a verdict that is not auto cannot be taken for one', () => {
  const goesOn = (verdict: GateVerdict): boolean => verdict.route === 'auto'
  expect(goesOn({ route: 'policy_blocked', because: 'timeout' })).toBe(false)
})
