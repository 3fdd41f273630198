import { Gatehouse } from '@gatehouse/sdk'
import { instanceUrl } from '../at.ts'
import { gatehouse } from '../session.ts'

export type OwnRecordCalls = Gatehouse['oversight']['ownRecord']
export type OwnRecord = Awaited<ReturnType<OwnRecordCalls['get']>>
export type OwnProfile = OwnRecord['profiles'][number]
export type OwnContest = OwnRecord['contests'][number]
export type OwnInteraction = Awaited<ReturnType<OwnRecordCalls['interactions']>>['interactions'][number]

/** The calls of whoever holds the link of this address; of a signed-in member where there is none. */
export function ownRecordCalls(fragment: string): OwnRecordCalls {
  // A browser sends no fragment anywhere, so the token is in no log.
  const token = fragment.replace(/^#/, '')
  if (token === '') return gatehouse.oversight.members.ownRecord
  return new Gatehouse({ baseUrl: instanceUrl, accessToken: token }).oversight.ownRecord
}
