export type DomainStatus = 'pending_validation' | 'active' | 'failed'

/** `unanswered`: the name servers said nothing, so nothing is known of the record. */
export type RecordOutcome = 'found' | 'missing' | 'other' | 'unanswered'

export type RecordFinding = {
  readonly outcome: RecordOutcome
  /** What there is instead, or along with it. */
  readonly values: readonly string[]
}

/** What the name servers answered about the two records of a domain. */
export type DomainFinding = { readonly alias: RecordFinding; readonly text: RecordFinding }

/** The answer of a look-up; undefined when there was none. */
export type Answered = readonly string[] | undefined

const recordPrefix = 'gatehouse-verify='
/** The label below which the TXT record stands; the longest domain still has room for it. */
const recordLabel = '_gatehouse.'
export const domainCharactersMax = 253 - recordLabel.length

/** The CNAME record that leads a domain here, and the TXT record that proves whose it is. */
export function toDomainRecords({ domain, token }: { domain: string; token: string }, host: string) {
  return {
    alias: { name: domain, value: host },
    text: { name: `${recordLabel}${domain}`, value: `${recordPrefix}${token}` },
  }
}

const shownMax = { values: 4, characters: 200 }

/** Compares the answers with the records; blanks and quotes around a text come from the forms in which people enter it. */
export function judgeRecords(
  records: ReturnType<typeof toDomainRecords>,
  { aliases, texts }: { readonly aliases: Answered; readonly texts: Answered },
): DomainFinding {
  return {
    alias: judgeRecord(records.alias.value, aliases),
    text: judgeRecord(
      records.text.value,
      texts?.map((text) => text.trim().replaceAll(/^"|"$/g, '')),
    ),
  }
}

function judgeRecord(wanted: string, answered: Answered): RecordFinding {
  if (answered === undefined) return { outcome: 'unanswered', values: [] }
  const outcome = answered.includes(wanted) ? 'found' : answered.length === 0 ? 'missing' : 'other'
  return { outcome, values: answered.slice(0, shownMax.values).map(toShown) }
}

/** Strangers write these texts: control characters are left out, and the rest is cut. */
function toShown(text: string): string {
  return text.replaceAll(/\p{C}/gu, '').slice(0, shownMax.characters).toWellFormed()
}

export type DomainStanding = { readonly status: DomainStatus; readonly badDays: number }

/** After a person asked: both records, or it failed. Silence is no reason to take a page off its domain. */
export function judgeAsked({ status, badDays }: DomainStanding, finding: DomainFinding): DomainStanding {
  if (isProven(finding)) return { status: 'active', badDays: 0 }
  if (status === 'active' && !isAnswered(finding)) return { status, badDays }
  return { status: 'failed', badDays: 0 }
}

/** After the daily check of an active domain; undefined when nothing was answered, so that the day does not count. */
export function judgeDay(
  { badDays }: Pick<DomainStanding, 'badDays'>,
  finding: DomainFinding,
  badDaysMax: number,
): DomainStanding | undefined {
  if (isProven(finding)) return { status: 'active', badDays: 0 }
  if (!isAnswered(finding)) return undefined
  const days = badDays + 1
  return days >= badDaysMax ? { status: 'failed', badDays: 0 } : { status: 'active', badDays: days }
}

function isProven({ alias, text }: DomainFinding): boolean {
  return alias.outcome === 'found' && text.outcome === 'found'
}

/** Whether it says something against the domain: one wrong record does, whatever became of the other look-up. */
function isAnswered({ alias, text }: DomainFinding): boolean {
  return [alias, text].some(({ outcome }) => outcome === 'missing' || outcome === 'other')
}
