export { systemClock, systemTimeline, type Clock, type Timeline } from './clock.ts'
