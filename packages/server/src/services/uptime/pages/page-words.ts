import type { ComponentState, Indicator, Phase } from './page-view.ts'

export type PageLanguage = 'en' | 'ja'

export type PageWords = {
  readonly indicator: Readonly<Record<Indicator, string>>
  readonly state: Readonly<Record<ComponentState, string>>
  readonly phase: Readonly<Record<Phase, string>>
  readonly uptime: (percent: string) => string
  /** Used while the monitor has less history than the whole span. */
  readonly uptimeSince: (percent: string, date: string) => string
  readonly since: (date: string) => string
  /** What is before and after the time at which something began. */
  readonly sinceTime: readonly [before: string, after: string]
  readonly noData: string
  readonly daysWithDowntime: (days: number) => string
  readonly dayColumn: string
  readonly downColumn: string
  readonly daysAgo: (days: number) => string
  readonly today: string
  readonly components: string
  readonly noComponents: string
  readonly incidents: string
  readonly openIncidents: string
  readonly maintenance: string
  /** Precedes the next occurrences of recurring maintenance. */
  readonly recurs: string
  readonly affects: string
  readonly untilNotice: string
  readonly past: string
  readonly quiet: string
  readonly continued: (title: string) => string
  readonly stillOpen: (title: string) => string
  readonly follow: string
  readonly feed: string
  readonly rss: string
  readonly calendar: string
  readonly updated: string
  readonly minutes: (minutes: number) => string
  readonly autoInvestigating: (component: string) => string
  readonly autoResolved: (component: string) => string
  readonly names: (name: string, state: string) => string
  readonly notFound: string
  readonly notFoundHint: string
  readonly locked: string
  readonly lockedHint: string
  readonly password: string
  readonly wrongPassword: string
  readonly unlock: string
}

export const pageWords: Readonly<Record<PageLanguage, PageWords>> = {
  en: {
    indicator: {
      none: 'All Systems Operational',
      minor: 'Minor Service Outage',
      degraded: 'Partially Degraded Service',
      major: 'Partial System Outage',
      critical: 'Major System Outage',
      maintenance: 'Service Under Maintenance',
      unknown: 'No data yet',
      nothing: 'Nothing is shown here yet',
    },
    state: {
      up: 'Operational',
      degraded: 'Degraded',
      down: 'Down',
      maintenance: 'Maintenance',
      unknown: 'No data',
      paused: 'Paused',
    },
    phase: {
      investigating: 'Investigating',
      identified: 'Identified',
      monitoring: 'Monitoring',
      resolved: 'Resolved',
      postmortem: 'Post-mortem',
    },
    uptime: (percent) => `${percent}% over 90 days`,
    uptimeSince: (percent, date) => `${percent}% since ${date}`,
    since: (date) => `since ${date}`,
    sinceTime: ['since ', ''],
    noData: 'no data yet',
    daysWithDowntime: (days) =>
      days === 0 ? 'no day with downtime' : days === 1 ? '1 day with downtime' : `${days} days with downtime`,
    dayColumn: 'Day',
    downColumn: 'Downtime',
    daysAgo: (days) => `${days} days ago`,
    today: 'Today',
    components: 'Components',
    noComponents: 'This page has no component to show, so it does not say whether everything works.',
    incidents: 'Incidents',
    openIncidents: 'Open incidents',
    maintenance: 'Maintenance',
    recurs: 'Again',
    affects: 'Affects',
    untilNotice: 'until further notice',
    past: 'Last 14 days',
    quiet: 'No incidents.',
    continued: (title) => `Continued from an earlier day: ${title}`,
    stillOpen: (title) => `Began on this day and is still open, see above: ${title}`,
    follow: 'Follow',
    feed: 'incidents as a feed (Atom)',
    rss: 'incidents as a feed (RSS)',
    calendar: 'maintenance as a calendar (iCal)',
    updated: 'Updated',
    minutes: (minutes) =>
      minutes < 1 ? 'under a minute' : minutes === 1 ? '1 minute' : `${minutes} minutes`,
    autoInvestigating: (component) => `We are investigating a problem with ${component}.`,
    autoResolved: (component) => `${component} is working again.`,
    names: (name, state) => `${name}: ${state}`,
    notFound: 'Page not found',
    notFoundHint: 'There is no status page at this address.',
    locked: 'This page needs a password',
    lockedHint: 'Whoever gave you the address knows it.',
    password: 'Password',
    wrongPassword: 'That is not the password.',
    unlock: 'Open the page',
  },
  ja: {
    indicator: {
      none: 'すべて正常に稼働しています',
      minor: '軽微な障害が発生しています',
      degraded: '一部で性能が低下しています',
      major: '一部で障害が発生しています',
      critical: '大規模な障害が発生しています',
      maintenance: 'メンテナンス中です',
      unknown: 'まだデータがありません',
      nothing: 'まだ何も表示されていません',
    },
    state: {
      up: '正常',
      degraded: '性能低下',
      down: '停止',
      maintenance: 'メンテナンス',
      unknown: 'データなし',
      paused: '一時停止',
    },
    phase: {
      investigating: '調査中',
      identified: '原因特定',
      monitoring: '経過観察',
      resolved: '解決済み',
      postmortem: '事後報告',
    },
    uptime: (percent) => `90日間 ${percent}%`,
    uptimeSince: (percent, date) => `${date}から ${percent}%`,
    since: (date) => `${date}から`,
    sinceTime: ['', 'から'],
    noData: 'まだデータがありません',
    daysWithDowntime: (days) => (days === 0 ? '停止した日はありません' : `停止した日は${days}日`),
    dayColumn: '日付',
    downColumn: '停止時間',
    daysAgo: (days) => `${days}日前`,
    today: '今日',
    components: 'コンポーネント',
    noComponents: '表示するコンポーネントがないため、稼働状況はわかりません。',
    incidents: '障害情報',
    openIncidents: '発生中の障害',
    maintenance: 'メンテナンス',
    recurs: '以降の予定:',
    affects: '対象',
    untilNotice: '終了時刻未定',
    past: '過去14日間',
    quiet: '障害はありません。',
    continued: (title) => `前日以前から継続: ${title}`,
    stillOpen: (title) => `この日に発生し、継続中です(上記): ${title}`,
    follow: '購読',
    feed: '障害情報のフィード (Atom)',
    rss: '障害情報のフィード (RSS)',
    calendar: 'メンテナンスのカレンダー (iCal)',
    updated: '更新',
    minutes: (minutes) => (minutes < 1 ? '1分未満' : `${minutes}分`),
    autoInvestigating: (component) => `${component}の問題を調査しています。`,
    autoResolved: (component) => `${component}は復旧しました。`,
    names: (name, state) => `${name}: ${state}`,
    notFound: 'ページが見つかりません',
    notFoundHint: 'このアドレスにステータスページはありません。',
    locked: 'このページを見るにはパスワードが必要です',
    lockedHint: 'アドレスを知らせてくれた人にお尋ねください。',
    password: 'パスワード',
    wrongPassword: 'パスワードが違います。',
    unlock: 'ページを開く',
  },
}

/** `?lang=` first, then the page's own setting, then what the browser prefers. */
export function chooseLanguage(
  asked: string | undefined,
  setting: 'auto' | PageLanguage,
  acceptLanguage: string | undefined,
): PageLanguage {
  if (asked === 'en' || asked === 'ja') return asked
  if (setting !== 'auto') return setting
  const ranked = (acceptLanguage ?? '')
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';')
      const quality = parameters
        .map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1])
        .find((q) => q !== undefined)
      return { language: tag.split('-', 1)[0], quality: quality === undefined ? 1 : Number(quality) }
    })
    .filter(({ language, quality }) => quality > 0 && (language === 'en' || language === 'ja'))
    .toSorted((a, b) => b.quality - a.quality)
  return ranked[0]?.language === 'ja' ? 'ja' : 'en'
}
