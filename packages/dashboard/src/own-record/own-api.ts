import { Gatehouse } from '@gatehouse/sdk'
import { instanceUrl } from '../at.ts'
import { gatehouse } from '../session.ts'

export type OwnRecordCalls = Gatehouse['oversight']['ownRecord']
export type OwnRecord = Awaited<ReturnType<OwnRecordCalls['get']>>
export type OwnProfile = OwnRecord['profiles'][number]
export type OwnContest = OwnRecord['contests'][number]
export type OwnInteraction = Awaited<ReturnType<OwnRecordCalls['interactions']>>['interactions'][number]

/** The calls with the access link's token from the address; without one, those of the signed-in member. */
export function ownRecordCalls(fragment: string): OwnRecordCalls {
  // Browsers do not send the fragment to servers, so the token appears in no log.
  const token = fragment.replace(/^#/, '')
  if (token === '') return gatehouse.oversight.members.ownRecord
  return new Gatehouse({ baseUrl: instanceUrl, accessToken: token }).oversight.ownRecord
}
