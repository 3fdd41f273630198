import { doorsUnder } from '../../../service/two-doors.ts'

/** Opens the operations under `/v1` to members under `/dashboard/oversight`. Viewers see no individual decisions. */
export const openToMembers = doorsUnder('/v1/', '/dashboard/oversight/', 'member')
