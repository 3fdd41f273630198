export { judgeKeys, type HeldKeys, type KeyCheck, type KeyFault, toKeyChecks } from './judge-keys.ts'
export { insertKeyChecks, listKeyChecks, setKeyChecksRetired } from './store/key-check-store.ts'
