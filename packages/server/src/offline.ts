/** What needs neither an instance nor the rest of the server, so that it starts at once. */
export { readLines, toAnchors, toPublicKeys, toVerdictText, verifyExport } from '@gatehouse/kernel/audit'
