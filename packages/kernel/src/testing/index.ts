export { fakeClock, type FakeClock } from './fake-clock.ts'
export { isValkeyMissing, startValkey, type TestValkey } from './start-valkey.ts'
export { testDatabase, type TestDatabase } from './test-database.ts'
export { isWycheproofMissing, readWycheproof } from './wycheproof.ts'
