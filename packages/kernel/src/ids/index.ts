export { newId, ulidPattern, uuidPattern } from './new-id.ts'
export { newRequestId } from './new-request-id.ts'
