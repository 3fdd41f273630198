import { decode } from 'dns-packet'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { alias, record, soa, toBytes, type Message } from '../../testing/index.ts'
import { decodeReply, encodeQuery, type Question } from './dns-message.ts'

const question: Question = { hostname: 'site.test', type: 'A' }
const id = 4_711
const read = (message: Message) => decodeReply(toBytes(message, question, id), id, question)

describe('a query', () => {
  it('asks one question, wants recursion and announces what fits a datagram', () => {
    expect(decode(encodeQuery(id, question, true))).toMatchObject({
      id,
      type: 'query',
      flag_rd: true,
      questions: [{ name: 'site.test', type: 'A', class: 'IN' }],
      additionals: [{ type: 'OPT', udpPayloadSize: 1_232 }],
    })
  })

  it('has no extension where the server knows none', () => {
    expect(decode(encodeQuery(id, question, false)).additionals).toEqual([])
  })
})

describe('a reply', () => {
  it('gives every address once, and the lowest TTL of all records on the way', () => {
    const answers = [
      alias('Site.Test', 'edge.test', 40),
      record('edge.test', '192.0.2.1', 50),
      record('EDGE.test', '192.0.2.2', 30),
      record('edge.test', '192.0.2.1', 50),
      record('elsewhere.test', '192.0.2.3', 1),
      record('edge.test', '2001:db8::1', 1),
    ]
    expect(read({ answers })).toEqual({
      kind: 'found',
      values: ['192.0.2.1', '192.0.2.2'],
      ttlSeconds: 30,
    })
  })

  it('a TTL above 31 bits counts as zero', () => {
    const answers = [record('site.test', '192.0.2.1', 0x80000000)]
    expect(read({ answers })).toMatchObject({ ttlSeconds: 0 })
    expect(read({ answers: [record('site.test', '192.0.2.1', 0x7fffffff)] })).toMatchObject({
      ttlSeconds: 0x7fffffff,
    })
  })

  it.each([
    [16, { kind: 'found', values: ['192.0.2.1'] }],
    [17, { kind: 'failed', code: 'EBADRESP' }],
  ])('%i aliases in a row', (count, reply) => {
    const names = Array.from({ length: count + 1 }, (_, index) =>
      index === 0 ? 'site.test' : `a${index}.test`,
    )
    const aliases = names.slice(1).map((name, index) => alias(names[index] ?? '', name))
    expect(read({ answers: [...aliases, record(names[count] ?? '', '192.0.2.1')] })).toMatchObject(reply)
  })

  it('aliases that go round in a circle lead nowhere', () => {
    const answers = [alias('site.test', 'other.test'), alias('other.test', 'site.test')]
    expect(read({ answers })).toEqual({ kind: 'failed', code: 'EBADRESP' })
  })

  it.each<[string, Message, object]>([
    ['no such name', { code: 'NXDOMAIN', authorities: [soa(30, 40)] }, { code: 'ENOTFOUND', ttlSeconds: 30 }],
    ['no such name', { code: 'NXDOMAIN', authorities: [soa(40, 30)] }, { code: 'ENOTFOUND', ttlSeconds: 30 }],
    ['no such name, for how long unsaid', { code: 'NXDOMAIN' }, { code: 'ENOTFOUND', ttlSeconds: undefined }],
    ['no address', { authorities: [soa(30)] }, { code: 'ENODATA', ttlSeconds: 30 }],
    ['an alias of nothing', { answers: [alias('site.test', 'x.test')] }, { code: 'ENODATA' }],
    ['only another family', { answers: [record('site.test', '2001:db8::1')] }, { code: 'ENODATA' }],
  ])('%s', (_what, message, reply) => {
    expect(read(message)).toMatchObject({ kind: 'missing', ...reply })
  })

  it.each(['FORMERR', 'SERVFAIL', 'NOTIMP', 'REFUSED'] as const)('%s is a failure of that name', (code) => {
    expect(read({ code })).toEqual({ kind: 'failed', code: `E${code}` })
  })

  it('of a server that only refers us on is a refusal', () => {
    expect(read({ recursive: false })).toEqual({ kind: 'failed', code: 'EREFUSED' })
  })

  it('that was cut is asked for again, whatever it holds', () => {
    const answers = [record('site.test', '192.0.2.1')]
    expect(read({ truncated: true, answers })).toEqual({ kind: 'truncated' })
  })

  it.each<[string, Message]>([
    ['another id', { idOffset: 1 }],
    ['another name', { hostname: 'site.test.evil.test' }],
  ])('with %s is none', (_what, message) => {
    expect(read({ answers: [record('site.test', '192.0.2.1')], ...message })).toBeUndefined()
  })

  it('to a question of another type is none', () => {
    const reply = toBytes({ answers: [] }, { ...question, type: 'AAAA' }, id)
    expect(decodeReply(reply, id, question)).toBeUndefined()
  })

  it('a query that comes back is none', () => {
    expect(decodeReply(encodeQuery(id, question, true), id, question)).toBeUndefined()
  })

  it('no bytes whatever make the reader fail', () => {
    const whole = toBytes(
      { answers: [alias('site.test', 'b.test'), record('b.test', '192.0.2.1')], authorities: [soa(1)] },
      question,
      id,
    )
    const damaged = fc
      .tuple(
        fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }),
        fc.nat(whole.length),
      )
      .map(([changes, length]) => {
        const copy = Buffer.from(whole)
        for (const [at, value] of changes) copy[at] = value
        return copy.subarray(0, length)
      })
    const noise = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes))
    fc.assert(
      fc.property(fc.oneof(damaged, noise), (message) => {
        decodeReply(message, id, question)
      }),
      { numRuns: 20_000 },
    )
  })
})
