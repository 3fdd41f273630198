import type { AuditedTx } from '@gatehouse/kernel/audit'
import { type GateTx, query, type TenantTx } from '@gatehouse/kernel/db'
import type { Language } from '../domain/language.ts'
import type { Person } from '../domain/person.ts'
import { notChosen } from '../domain/preferences.ts'
import { closeSetup } from './setup-store.ts'
import type { PlatformTables, UserRow } from './platform-tables.ts'

/** A person with their password hash; only the gate role reads it. */
export type Account = Person & { readonly passwordHash: string }

/**
 * Stored instead of a hash for people who log in through an issuer and have not set a password. No password matches it.
 */
export const noPassword = 'none'

export function hasPassword({ passwordHash }: Pick<Account, 'passwordHash'>): boolean {
  return passwordHash !== noPassword
}

export type NewAccount = {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly language: Language
  readonly passwordHash: string
  readonly emailVerifiedAtMs: number | null
  readonly createdAtMs: number
}

const personColumns = [
  'id',
  'email',
  'name',
  'email_verified_at',
  'language',
  'chosen_language',
  'time_zone',
  'theme',
  'deletion_scheduled_at',
  'created_at',
] as const

/** Creates an account; false when the address already has one. The first person closes the owner's link for good. */
export async function insertUser(tx: AuditedTx, account: NewAccount): Promise<boolean> {
  if (!(await insertAccount(tx, account))) return false
  await closeSetup(tx, account.createdAtMs)
  return true
}

/** Creates an account that does not count as the first person, so that the owner's link stays open. */
export async function insertAccount(tx: AuditedTx, account: NewAccount): Promise<boolean> {
  const createdAt = new Date(account.createdAtMs)
  const { numInsertedOrUpdatedRows } = await query<PlatformTables>(tx)
    .insertInto('platform.user')
    .values({
      id: account.id,
      email: account.email,
      name: account.name,
      password_hash: account.passwordHash,
      email_verified_at: account.emailVerifiedAtMs === null ? null : new Date(account.emailVerifiedAtMs),
      language: account.language,
      chosen_language: notChosen.language,
      time_zone: notChosen.timeZone,
      theme: notChosen.theme,
      deletion_scheduled_at: null,
      created_at: createdAt,
      updated_at: createdAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow()
  return numInsertedOrUpdatedRows === 1n
}

export async function findAccountByEmail(tx: GateTx, email: string): Promise<Account | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.user')
    .select([...personColumns, 'password_hash'])
    .where('email', '=', email)
    .executeTakeFirst()
  return row && { ...toPerson(row), passwordHash: row.password_hash }
}

/** The account of an existing person, to verify their identity again. */
export async function findAccount(tx: GateTx, id: string): Promise<Account | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.user')
    .select([...personColumns, 'password_hash'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row && { ...toPerson(row), passwordHash: row.password_hash }
}

/** In an org's transaction, row-level security hides everyone who does not belong to the org. */
export async function findPerson(tx: TenantTx | GateTx, id: string): Promise<Person | undefined> {
  const row = await query<PlatformTables>(tx)
    .selectFrom('platform.user')
    .select(personColumns)
    .where('id', '=', id)
    .executeTakeFirst()
  return row && toPerson(row)
}

/** Replaces a weaker hash, unless the password was changed in the meantime. */
export async function setPasswordHash(
  tx: GateTx,
  id: string,
  oldHash: string,
  newHash: string,
): Promise<void> {
  await query<PlatformTables>(tx)
    .updateTable('platform.user')
    .set({ password_hash: newHash })
    .where('id', '=', id)
    .where('password_hash', '=', oldHash)
    .execute()
}

function toPerson(row: Pick<UserRow, (typeof personColumns)[number]>): Person {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    emailVerifiedAtMs: row.email_verified_at?.getTime() ?? null,
    language: row.chosen_language ?? row.language,
    preferences: { language: row.chosen_language, timeZone: row.time_zone, theme: row.theme },
    deletionScheduledAtMs: row.deletion_scheduled_at?.getTime() ?? null,
    createdAtMs: row.created_at.getTime(),
  }
}
