import { doorsUnder } from '../../../service/two-doors.ts'

/** Members reach their organisation's own data under `/dashboard/volatility`; public data is only under `/v1`. */
export const openToMembers = doorsUnder('/v1/', '/dashboard/volatility/')

/** The same for roles that may change something; viewers have nothing to try out. */
export const openToWriters = doorsUnder('/v1/', '/dashboard/volatility/', 'member')
