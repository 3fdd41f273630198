import { expect, it } from 'vitest'
import { judgeDatabaseTransport, judgeValkeyTransport, type Transport } from './judge-transport.ts'

it.each<[url: string, transport: Transport]>([
  ['postgres://u:p@127.0.0.1:5432/db', 'within this machine'],
  ['postgres://u:p@127.8.8.8/db', 'within this machine'],
  ['postgres://u:p@localhost/db', 'within this machine'],
  ['postgres://u:p@LOCALHOST/db', 'within this machine'],
  ['postgres://u:p@[::1]/db', 'within this machine'],
  ['postgres://u:p@%2Fvar%2Frun%2Fpostgresql/db', 'within this machine'],
  ['postgres://u:p@x/db?host=/var/run/postgresql', 'within this machine'],
  ['postgres://u:p@db.example.com/db?sslmode=verify-full', 'verified'],
  ['postgresql://u:p@203.0.113.7/db?sslmode=verify-full', 'verified'],
  ['postgres://u:p@db.example.com/db', 'unverified'],
  ['postgres://u:p@10.0.0.7/db', 'unverified'],
  ['postgres://u:p@localhost.example.com/db', 'unverified'],
  ['postgres://u:p@127.0.0.1.example.com/db', 'unverified'],
  ['postgres://u:p@localhost/db?host=db.example.com', 'unverified'],
  ['postgres://u:p@db.example.com/db?sslmode=disable', 'unverified'],
  ['postgres://u:p@db.example.com/db?sslmode=prefer', 'unverified'],
  ['postgres://u:p@db.example.com/db?sslmode=require', 'unverified'],
  ['postgres://u:p@db.example.com/db?sslmode=no-verify', 'unverified'],
  ['postgres://u:p@db.example.com/db?sslmode=verify-ca', 'unverified'],
  ['postgres://u:p@db.example.com/db?ssl=true', 'unverified'],
  ['postgres://u:p@db.example.com/db?sslmode=verify-full&sslmode=disable', 'unverified'],
  ['postgres://u:p@db.example.com/db?sslmode=disable&sslmode=verify-full', 'unverified'],
])('%s is %s', (url, transport) => {
  expect(judgeDatabaseTransport(url, {})).toBe(transport)
})

it.each<[url: string, transport: Transport]>([
  ['redis://127.0.0.1:6379', 'within this machine'],
  ['redis://localhost', 'within this machine'],
  ['redis://[::1]:6379', 'within this machine'],
  ['rediss://:p@valkey.example.com', 'verified'],
  ['redis://:p@valkey.example.com', 'unverified'],
  ['redis://10.0.0.7', 'unverified'],
])('%s is %s', (url, transport) => {
  expect(judgeValkeyTransport(url, {})).toBe(transport)
})

it('nothing is verified where Node was told to believe every certificate', () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' }
  expect(judgeDatabaseTransport('postgres://u:p@db.example.com/db?sslmode=verify-full', env)).toBe(
    'unverified',
  )
  expect(judgeValkeyTransport('rediss://valkey.example.com', env)).toBe('unverified')
  expect(judgeValkeyTransport('redis://localhost', env)).toBe('within this machine')
})
