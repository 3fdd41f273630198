import { defineEndpoint, text } from '@gatehouse/kernel/endpoint'
import { z } from 'zod'
import { symbol } from './fields.ts'

const tag = 'volatility'
const path = '/dashboard/volatility/api-keys/{id}/ceiling'
const params = z.strictObject({ id: text(1, 64) })
const reply = { status: 200, schema: z.strictObject({ symbols: z.array(z.string()) }) } as const

export const getKeyCeiling = defineEndpoint({
  method: 'GET',
  path,
  id: 'getKeyCeiling',
  summary: 'Read the symbols that a key can be allowed to use; an empty list means all symbols',
  tag,
  access: { kind: 'session', role: 'viewer' },
  params,
  reply,
  problems: ['key_not_found'],
})

/** Not open to keys, because it limits what keys may see, whoever holds them. */
export const setKeyCeiling = defineEndpoint({
  method: 'PUT',
  path,
  id: 'setKeyCeiling',
  summary:
    'Restrict the symbols that a key and its successors can use; the restriction limits their own allow-lists',
  tag,
  access: { kind: 'session', role: 'owner', sudo: true },
  params,
  body: z.strictObject({ symbols: z.array(symbol).max(500) }),
  example: { body: { symbols: ['btcusdt', 'ethusdt'] } },
  reply,
  problems: ['key_not_found', 'symbol_not_found'],
})

export const ceilingEndpoints = [getKeyCeiling, setKeyCeiling] as const
