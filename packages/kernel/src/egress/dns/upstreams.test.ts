import { describe, expect, it } from 'vitest'
import { fakeClock } from '../../testing/index.ts'
import type { NameServer } from './name-servers.ts'
import { createUpstreams, type Upstreams } from './upstreams.ts'

const server = (digit: number): NameServer => ({ address: `192.0.2.${digit}`, port: 53 })
const addressesOf = (upstreams: Upstreams) => upstreams.list().map(({ address }) => address)

function demoteFirst(upstreams: Upstreams): void {
  const [first] = upstreams.list()
  if (first !== undefined) upstreams.demote(first)
}

describe('upstreams', () => {
  it('who does not answer goes to the end of the line, once', () => {
    const upstreams = createUpstreams([server(1), server(2)], fakeClock())
    const [first] = upstreams.list()
    demoteFirst(upstreams)
    expect(addressesOf(upstreams)).toEqual(['192.0.2.2', '192.0.2.1'])
    // A second query that waited for it at the same time does not turn the line once more.
    if (first !== undefined) upstreams.demote(first)
    expect(addressesOf(upstreams)).toEqual(['192.0.2.2', '192.0.2.1'])
  })

  it("the machine's are read again when one does not answer, at most every five seconds", () => {
    const clock = fakeClock()
    let machine = [server(1), server(2)]
    const upstreams = createUpstreams([], clock, () => machine)
    machine = [server(3)]
    clock.advance(4_999)
    demoteFirst(upstreams)
    expect(addressesOf(upstreams)).toEqual(['192.0.2.2', '192.0.2.1'])
    clock.advance(1)
    demoteFirst(upstreams)
    expect(addressesOf(upstreams)).toEqual(['192.0.2.3'])
  })

  it('and keep their line where they are the same', () => {
    const clock = fakeClock()
    const upstreams = createUpstreams([], clock, () => [server(1), server(2)])
    clock.advance(5_000)
    demoteFirst(upstreams)
    expect(addressesOf(upstreams)).toEqual(['192.0.2.2', '192.0.2.1'])
  })

  it("the operator's are never replaced", () => {
    const clock = fakeClock()
    const upstreams = createUpstreams([server(1)], clock, () => [server(2)])
    clock.advance(5_000)
    demoteFirst(upstreams)
    expect(addressesOf(upstreams)).toEqual(['192.0.2.1'])
  })
})
