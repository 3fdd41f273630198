import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { describeModules } from '../packages/server/src/openapi.ts'
import { ways } from './seams/to-page.ts'

const root = join(import.meta.dirname, '..')

/** What hands over a secret or asks for a fresh proof, and opens no way to lasting power. */
const noWay: Readonly<Record<string, string>> = {
  getHeartbeatUrl: 'shows a token that reports one job and reads nothing',
  dashboardGetHeartbeatUrl: 'shows a token that reports one job and reads nothing',
  rotateToken: 'replaces a token that reports one job and reads nothing',
  dashboardRotateToken: 'replaces a token that reports one job and reads nothing',
  createViewLink: 'opens one status page, for reading, to whoever may read it already',
  dashboardCreateViewLink: 'opens one status page, for reading, to whoever may read it already',
  getServiceFeeds: 'shows a key that reads the feeds of one page, as whoever knows its password may',
  dashboardGetServiceFeeds: 'shows a key that reads the feeds of one page, as whoever knows its password may',
  rotateFeedKey: 'replaces a key that reads the feeds of one page',
  dashboardRotateFeedKey: 'replaces a key that reads the feeds of one page',
  subscribeToPage: 'shows a secret by which its own caller tells what comes from here',
  scoreDecision: 'shows a token that reads how one decision ends, for a day, and changes nothing',
  changePassword: 'takes a password that was proven, and ends every session',
  requestDeletionCode: 'leads to a deletion',
  deleteAccount: 'ends power',
  deleteTeam: 'ends power',
  deleteFactor: 'ends power; a log-in without it is a log-in',
  deleteWebhook: 'ends power',
  removeMember: 'ends power',
  changeRole: 'changes a membership: see the columns of roles',
  exportAccount: 'shows what is there',
  exportTeam: 'shows what is there',
  dashboardExportOperator: 'shows what is there',
  dashboardEraseOperator: 'ends power; what is held of a person goes',
  dashboardReadmitOperator: 'lets decisions be recorded, and opens nothing',
  dashboardRevokeAccessLink: 'ends power',
  submitReport: 'its code shows how far one report has come, and opens nothing',
  dashboardStartCheckout: 'begins a purchase, and opens nothing until the provider tells of it',
  dashboardOpenBillingPortal: 'leads to the pages of the payment provider, and opens nothing here',
}

function listOperations() {
  return describeModules().flatMap(({ endpoints }) => [...endpoints])
}

it('every-way-in-meets-every-guard: each cell names a test that exists, or says why there is none', () => {
  const cells = Object.entries(ways).flatMap(([way, { cells: row }]) =>
    Object.entries(row).map(([guard, cell]) => ({ way, guard, cell })),
  )
  expect(cells.length).toBe(Object.keys(ways).length * 16)
  const missing = cells.filter(({ cell }) =>
    cell.kind === 'none' ? cell.because.length < 20 : !isTest(cell.file, cell.title),
  )
  expect(missing).toEqual([])
})

it('every-way-in-meets-every-guard: no operation that hands over a credential, or asks for a fresh proof, is left out', () => {
  const known = new Set([...Object.values(ways).flatMap(({ endpoints }) => endpoints), ...Object.keys(noWay)])
  const operations = listOperations()
  const opening = operations.filter(
    ({ access, revealsSecret, method, path }) =>
      revealsSecret === true ||
      (access.kind === 'session' && access.sudo === true && access.instanceAdmin !== true) ||
      (access.kind === 'public' && method === 'POST' && path.startsWith('/auth/')),
  )
  expect(opening.length).toBeGreaterThan(25)
  expect(opening.map(({ id }) => id).filter((id) => !known.has(id))).toEqual([])
  const existing = new Set(operations.map(({ id }) => id))
  expect([...known].filter((id) => !existing.has(id))).toEqual([])
})

/** Whether a title of a test in this file holds the text. */
function isTest(file: string, title: string): boolean {
  const path = join(root, file)
  return existsSync(path) && readFileSync(path, 'utf8').includes(title)
}
