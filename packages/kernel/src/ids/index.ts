export { newId, ulidPattern, uuidPattern } from './new-id.ts'
