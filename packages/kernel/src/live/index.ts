export { followLive, type Following, type Live, type LiveDeps, type Told } from './follow-live.ts'
export type { LiveEvent } from './store/live-store.ts'
