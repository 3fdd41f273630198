export { dataFolder } from './data-folder.ts'
export { type DatabaseProxy, proxyDatabase } from './database-proxy.ts'
export { fakeClock, type FakeClock } from './fake-clock.ts'
export { fakeTimeline, type FakeTimeline } from './fake-timeline.ts'
export {
  alias,
  type Asked,
  type LocalDns,
  type Message,
  record,
  type Script,
  soa,
  startLocalDns,
  textRecord,
  toBytes,
  zone,
} from './local-dns.ts'
export { type DomainRecords, type LocalNames, startLocalNames } from './local-names.ts'
export { isValkeyMissing, startValkey, type TestValkey } from './start-valkey.ts'
export { testDatabase, type TestDatabase } from './test-database.ts'
export { watchStatements } from './watch-statements.ts'
export { isWycheproofMissing, readWycheproof } from './wycheproof.ts'
