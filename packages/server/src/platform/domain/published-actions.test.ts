import { describe, expect, it } from 'vitest'
import {
  toPublishedAction,
  toPublishedResourceType,
  toStoredActions,
  toStoredResourceTypes,
} from './published-actions.ts'

describe('an action is called what the public clients call it', () => {
  it.each([
    ['org.update', 'team.update'],
    ['member.change_role', 'team.member.change_role'],
    ['invitation.create', 'team.member.create'],
    ['key.create', 'api_key.create'],
    ['session.open', 'user.login'],
    ['session.end', 'user.logout'],
    ['session.end_all', 'session.end_all'],
    ['user.schedule_deletion', 'account.deletion_requested'],
    ['user.schedule_deletions', 'user.schedule_deletions'],
    ['monitor.create', 'monitor.create'],
    ['organ.play', 'organ.play'],
    ['keyring.open', 'keyring.open'],
    ['', ''],
  ])('%s: %s', (ours, theirs) => expect(toPublishedAction(ours)).toBe(theirs))

  it.each([
    ['org', 'team'],
    ['key', 'api_key'],
    ['monitor', 'monitor'],
  ])('and so is the resource type %s: %s', (ours, theirs) =>
    expect(toPublishedResourceType(ours)).toBe(theirs),
  )
})

describe('a filter takes both spellings', () => {
  it.each([
    ['team.', ['team.', 'invitation.', 'member.', 'org.']],
    ['team.member.', ['team.member.', 'invitation.', 'member.', 'org.member.']],
    ['team.member.join', ['team.member.join', 'invitation.join', 'member.join', 'org.member.join']],
    ['org.', ['org.']],
    ['member.', ['member.']],
    ['api_key.', ['api_key.', 'key.']],
    ['api_key.revoke', ['api_key.revoke', 'key.revoke']],
    ['key.revoke', ['key.revoke']],
    ['user.login', ['user.login', 'session.open']],
    ['user.', ['user.', 'session.open', 'session.end']],
    ['session.', ['session.']],
    ['account.', ['account.', 'user.schedule_deletion']],
    ['account.deletion_requested', ['account.deletion_requested', 'user.schedule_deletion']],
    ['team', ['team']],
    ['monitor.', ['monitor.']],
  ])('%s: %j', (filter, stored) => expect(toStoredActions(filter)).toEqual(stored))

  it.each([
    ['team', ['team', 'org']],
    ['org', ['org']],
    ['api_key', ['api_key', 'key']],
  ])('of resource types too, %s: %j', (filter, stored) =>
    expect(toStoredResourceTypes(filter)).toEqual(stored),
  )
})
