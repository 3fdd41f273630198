import { expect, it } from 'vitest'
import { VenueError } from '../venues/rest-door.ts'
import { tellUnread } from './tell-unread.ts'

const away = (symbol: string) => ({ symbol, error: new VenueError('unreachable', 'dns_not_found') })

it('an outage of a venue is told in one line, once until it changes, and without a stack', () => {
  const lines: unknown[] = []
  const log = { warn: (...line: unknown[]) => void lines.push(line) }
  const feed = { venue: 'binance' }
  tellUnread(log, feed, [away('btcusdt'), away('ethusdt')])
  tellUnread(log, feed, [away('btcusdt'), away('ethusdt')])
  const both = ['The history of 2 symbols at binance could not be read', { error: 'dns_not_found' }]
  expect(lines).toEqual([both])
  tellUnread(log, feed, [away('btcusdt')])
  expect(lines.at(-1)).toEqual([
    'The history of btcusdt at binance could not be read',
    { error: 'dns_not_found' },
  ])
  tellUnread(log, feed, [])
  tellUnread(log, feed, [away('btcusdt'), away('ethusdt')])
  expect(lines).toEqual([both, lines[1], both])
})

it('a fault that is not of the venue keeps its stack', () => {
  const lines: unknown[] = []
  const log = { warn: (...line: unknown[]) => void lines.push(line) }
  tellUnread(log, { venue: 'bybit' }, [{ symbol: 'btcusdt', error: new Error('Connection terminated') }])
  expect(lines).toMatchObject([[expect.any(String), { stack: expect.stringContaining('tell-unread.test') }]])
})
