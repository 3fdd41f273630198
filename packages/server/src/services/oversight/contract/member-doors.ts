import { doorsUnder } from '../../../service/two-doors.ts'

/** What keys may do under `/v1`, members may do by hand under `/dashboard/oversight`. No decision is shown to a viewer. */
export const openToMembers = doorsUnder('/v1/', '/dashboard/oversight/', 'member')
