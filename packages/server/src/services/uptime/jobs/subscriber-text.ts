import { type NoticeText, type NoticeTone, oneLine } from '../destinations/notice-text.ts'
import type { IncidentNews, MaintenanceNews, SubscriberNotice } from '../domain/subscriber-notice.ts'
import { writeMoment } from '../../../mail/index.ts'
import { type PageLanguage, pageWords } from '../pages/page-words.ts'

const words = {
  en: {
    page: 'Status page',
    began: 'Began',
    ended: 'Ended',
    starts: 'From',
    ends: 'Until',
    affects: 'Affects',
    open: 'Open the status page',
    why: (page: string) => `You get this mail because this address follows ${page}.`,
    choose: 'Choose what you are told of',
    unsubscribe: 'Unsubscribe',
    maintenance: {
      'maintenance.scheduled': 'Planned maintenance',
      'maintenance.started': 'Maintenance has begun',
      'maintenance.ended': 'Maintenance is over',
      'maintenance.cancelled': 'Maintenance is cancelled',
    },
  },
  ja: {
    page: 'ステータスページ',
    began: '発生',
    ended: '終了',
    starts: '開始',
    ends: '終了予定',
    affects: '対象',
    open: 'ステータスページを開く',
    why: (page: string) => `このメールは、${page}の購読者としてこのアドレスにお送りしています。`,
    choose: 'お知らせの対象を変更する',
    unsubscribe: '購読を停止する',
    maintenance: {
      'maintenance.scheduled': 'メンテナンスの予定',
      'maintenance.started': 'メンテナンスを開始しました',
      'maintenance.ended': 'メンテナンスが終了しました',
      'maintenance.cancelled': 'メンテナンスは中止になりました',
    },
  },
} as const

/** What a notice says to one reader; `paragraph` is what was written about it. */
export type SubscriberText = Omit<NoticeText, 'link'> & {
  readonly paragraph: string | null
  readonly link: { readonly url: string; readonly label: string }
  readonly why: string
  readonly choose: string
  readonly unsubscribe: string
}

export function writeForSubscriber(notice: SubscriberNotice, language: PageLanguage): SubscriberText {
  const own = words[language]
  const { page } = notice
  const said =
    'incident' in notice
      ? writeIncident(notice, page.timeZone, language)
      : writeMaintenance(notice, page.timeZone, language)
  return {
    ...said,
    subject: oneLine(`[${page.name}] ${said.state}: ${said.headline}`),
    facts: [[own.page, page.name], ...said.facts],
    link: { url: toLink(notice), label: own.open },
    why: own.why(page.name),
    choose: own.choose,
    unsubscribe: own.unsubscribe,
  }
}

/** The incident's title as the page shows it. */
export function nameIncident({ title, component }: IncidentNews['incident'], language: PageLanguage): string {
  const { names, state } = pageWords[language]
  return title ?? names(component?.name ?? '', state.down)
}

/** What was written of it, or what the page says by itself. */
export function writeUpdate({ incident }: IncidentNews, language: PageLanguage): string | null {
  const { body, title, component, resolvedAtMs } = incident
  if (body !== null) return body
  if (title !== null) return null
  const { autoInvestigating, autoResolved } = pageWords[language]
  return resolvedAtMs === null
    ? autoInvestigating(component?.name ?? '')
    : autoResolved(component?.name ?? '')
}

function toLink(notice: SubscriberNotice): string {
  const { url } = notice.page
  return 'incident' in notice ? `${url}#incident-${notice.incident.id}` : url
}

function writeIncident(news: IncidentNews, timeZone: string, language: PageLanguage) {
  const own = words[language]
  const { incident, event } = news
  const { impact, phase, component, startedAtMs, resolvedAtMs } = incident
  const moment = (atMs: number) => writeMoment(atMs, { language, timeZone })
  const isOver = event === 'incident.resolved' || phase === 'resolved' || phase === 'postmortem'
  const tone: NoticeTone = isOver ? 'ok' : tones[impact]
  return {
    tone,
    state: pageWords[language].phase[event === 'incident.resolved' ? 'resolved' : phase],
    headline: nameIncident(incident, language),
    paragraph: writeUpdate(news, language),
    facts: [
      ...(component === null ? [] : [[own.affects, component.name] as const]),
      [own.began, moment(startedAtMs)] as const,
      ...(resolvedAtMs === null ? [] : [[own.ended, moment(resolvedAtMs)] as const]),
    ],
  }
}

function writeMaintenance({ maintenance, event }: MaintenanceNews, timeZone: string, language: PageLanguage) {
  const own = words[language]
  const { title, components, startsAtMs, endsAtMs } = maintenance
  const moment = (atMs: number) => writeMoment(atMs, { language, timeZone })
  const isOver = event === 'maintenance.ended' || event === 'maintenance.cancelled'
  const tone: NoticeTone = isOver ? 'ok' : 'maintenance'
  const until = endsAtMs === null ? pageWords[language].untilNotice : moment(endsAtMs)
  return {
    tone,
    state: own.maintenance[event],
    headline: title ?? pageWords[language].maintenance,
    paragraph: null,
    facts: [
      [own.affects, components.map(({ name }) => name).join(', ')] as const,
      [own.starts, moment(startsAtMs)] as const,
      ...(isOver ? [] : [[own.ends, until] as const]),
    ],
  }
}

const tones = { none: 'unknown', minor: 'degraded', major: 'down', critical: 'down' } as const
