import { doorsUnder } from '../../../service/two-doors.ts'

/** What belongs to an organisation, its members reach by hand; what everybody may read, they read where everybody does. */
export const openToMembers = doorsUnder('/v1/', '/dashboard/volatility/')

/** The same for those who may change something: whoever only looks on has nothing to try out. */
export const openToWriters = doorsUnder('/v1/', '/dashboard/volatility/', 'member')
