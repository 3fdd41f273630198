import type { ColumnType } from 'kysely'
import type { OrgTable } from './org-table.ts'

/** How a field is written to its column, and read back. */
export type Codec<Field, Read, Written> = {
  /** The type of the stored value, for code that treats all columns of one type alike. */
  readonly holds: 'text' | 'flag' | 'number' | 'texts' | 'instant' | 'json'
  readonly isNullable: boolean
  readonly toColumn: (field: Field) => Written
  readonly toField: (read: Read) => Field
}

/**
 * Whether an org's export includes a column, and if not, why. A sealed column is resealed when the master key changes.
 */
export type Shown = 'exported' | 'sealed' | { readonly withheld: string }

export type Column<Name extends string, Field, Read, Written> = {
  readonly name: Name
  readonly codec: Codec<Field, Read, Written>
  readonly shown: Shown
}

/** The columns of an entity by field name; `org_id` is implied. */
export type Columns = Readonly<
  Record<
    string,
    Pick<Column<string, unknown, never, unknown>, 'name' | 'shown'> & {
      readonly codec: Pick<Codec<unknown, never, unknown>, 'holds' | 'isNullable' | 'toField'> & {
        readonly toColumn: (field: never) => unknown
      }
    }
  >
>

type FieldOf<C> = C extends Column<string, infer Field, infer _Read, infer _Written> ? Field : never

/** The entity type that a column list describes. */
export type EntityOf<C extends Columns> = { readonly [Name in keyof C]: FieldOf<C[Name]> }

type NullableOf<E> = { [Name in keyof E]: null extends E[Name] ? Name : never }[keyof E]

/** The input for a new row: a nullable field may be left out and is then null. */
export type NewOf<C extends Columns> = Omit<EntityOf<C>, NullableOf<EntityOf<C>>> & {
  readonly [Name in NullableOf<EntityOf<C>>]?: EntityOf<C>[Name] | undefined
}

/** The row type for queries. */
export type RowOf<C extends Columns> = { org_id: string } & {
  [Name in keyof C as C[Name]['name']]: C[Name] extends Column<
    string,
    infer _Field,
    infer Read,
    infer Written
  >
    ? ColumnType<Read, Written, Written>
    : never
}

type ReadRow<C extends Columns> = {
  readonly [Name in keyof C as C[Name]['name']]: C[Name] extends Column<
    string,
    infer _Field,
    infer Read,
    infer _Written
  >
    ? Read
    : never
}

type WrittenRow<C extends Columns> = {
  [Name in keyof C as C[Name]['name']]: C[Name] extends Column<
    string,
    infer _Field,
    infer _Read,
    infer Written
  >
    ? Written
    : never
}

/** Declares the column of one field: its name, its codec, and whether an export includes it. */
export function column<const Name extends string, Field, Read, Written>(
  name: Name,
  codec: Codec<Field, Read, Written>,
  shown: Shown = 'exported',
): Column<Name, Field, Read, Written> {
  return { name, codec, shown }
}

function plain<T>(holds: 'text' | 'flag' | 'number', isNullable: boolean): Codec<T, T, T> {
  return { holds, isNullable, toColumn: (field) => field, toField: (read) => read }
}

/** The codecs by the type of field: they translate to and from the values of the database driver. */
export const codecs = {
  text: plain<string>('text', false),
  textOrNull: plain<string | null>('text', true),
  /** Text limited to the values of `T`. */
  oneOf: <T extends string>() => plain<T>('text', false),
  oneOfOrNull: <T extends string>() => plain<T | null>('text', true),
  flag: plain<boolean>('flag', false),
  whole: plain<number>('number', false),
  wholeOrNull: plain<number | null>('number', true),
  texts: {
    holds: 'texts',
    isNullable: false,
    toColumn: (field: readonly string[]): string[] => [...field],
    toField: (read: string[]): readonly string[] => read,
  },
  /** Milliseconds since the epoch; a `Date` for the driver. */
  instant: {
    holds: 'instant',
    isNullable: false,
    toColumn: (field: number): Date => new Date(field),
    toField: (read: Date): number => read.getTime(),
  },
  instantOrNull: {
    holds: 'instant',
    isNullable: true,
    toColumn: (field: number | null): Date | null => (field === null ? null : new Date(field)),
    toField: (read: Date | null): number | null => read?.getTime() ?? null,
  },
  /** Any JSON value, written as text: the driver would turn an array into a PostgreSQL array. */
  json: <T>() => ({
    holds: 'json' as const,
    isNullable: false,
    toColumn: (field: T): string => JSON.stringify(field),
    toField: (read: T): T => read,
  }),
} as const

/** The whole entity of a new row; members that are not in the column list are dropped. */
export function toEntity<C extends Columns>(columns: C, given: NewOf<C>): EntityOf<C> {
  const all = Object.keys(columns).map((field) => [field, Reflect.get(given, field) ?? null] as const)
  // Safe: whatever was left out may be null.
  return Object.fromEntries(all) as EntityOf<C>
}

/** The column values that a statement writes for these fields; members that are not in the column list are dropped. */
export function toRow<C extends Columns>(columns: C, fields: EntityOf<C>): WrittenRow<C> {
  const written = Object.entries(columns).map(([field, { name, codec }]) => {
    // Safe: `fields` has each field of the list in the form that its codec takes.
    return [name, codec.toColumn(Reflect.get(fields, field) as never)] as const
  })
  // Safe: there is a value for each column of the list, made by its own codec.
  return Object.fromEntries(written) as WrittenRow<C>
}

/** The fields of a row; columns that are not in the list are dropped. */
export function fromRow<C extends Columns>(columns: C, row: ReadRow<C>): EntityOf<C> {
  const read: Record<string, unknown> = {}
  for (const [field, { name, codec }] of entriesOf(columns))
    // Safe: `row` has each column of the list as the driver reads it.
    read[field] = codec.toField(Reflect.get(row, name) as never)
  // Safe: there is a value for each field of the list, made by its own codec.
  return read as EntityOf<C>
}

type Entries = readonly (readonly [field: string, column: Columns[string]])[]
const entriesByList = new WeakMap<Columns, Entries>()

/** Listed once, because a list of rows reads them for each row. */
function entriesOf(columns: Columns): Entries {
  const known = entriesByList.get(columns)
  if (known !== undefined) return known
  const entries = Object.entries(columns)
  entriesByList.set(columns, entries)
  return entries
}

/** Describes the table for an org's export. */
export function toOrgTable(table: string, columns: Columns): OrgTable {
  const all = Object.values(columns)
  const withheld = all.flatMap(({ name, shown }) =>
    shown === 'exported' ? [] : [[name, shown === 'sealed' ? 'a secret' : shown.withheld] as const],
  )
  return {
    table,
    columns: all.flatMap(({ name, shown }) => (shown === 'exported' ? [name] : [])),
    ...(withheld.length === 0 ? {} : { withheld: Object.fromEntries(withheld) }),
  }
}

/** The columns that hold sealed values; each value is bound to the org and to the row that its `id` names. */
export function toSealedColumns(table: string, columns: Columns) {
  return Object.values(columns)
    .filter(({ shown }) => shown === 'sealed')
    .map(({ name }) => ({ table, column: name, row: 'id', owner: 'org_id', within: 'org' }) as const)
}
