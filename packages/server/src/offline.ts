/** Exports that need neither an instance nor the rest of the server, so that commands with them start quickly. */
export { readLines, toAnchors, toPublicKeys, toVerdictText, verifyExport } from '@gatehouse/kernel/audit'
