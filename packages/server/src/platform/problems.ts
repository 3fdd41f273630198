import { defineProblems } from '@gatehouse/kernel/problem'

export const problems = defineProblems({
  EMAIL_NOT_CONFIGURED: [400, 'This needs e-mail, and no mail server is configured'],
  EXPIRED_TOKEN: [400, 'This link was used, has expired or never existed'],
  MAX_TEAMS_REACHED: [400, 'You belong to as many organisations as one person may'],
  VALIDATION_ERROR: [400, 'The request is not valid'],
  UNAUTHORIZED: [401, 'The credentials are not valid'],
  REFRESH_SUPERSEDED: [401, 'Another request has just used this refresh token'],
  FORBIDDEN: [403, 'You may not do that'],
  REGISTRATION_CLOSED: [403, 'New accounts are by invitation only'],
  NOT_FOUND: [404, 'There is nothing here'],
  ALREADY_MEMBER: [409, 'This person already belongs to the organisation'],
  INVITATION_EXISTS: [409, 'This address has an open invitation'],
  INVITATION_LIMIT_REACHED: [409, 'The organisation has as many open invitations as it may'],
  LAST_OWNER: [409, 'An organisation keeps at least one owner'],
  SETUP_CLOSED: [409, 'The first owner already exists'],
})
