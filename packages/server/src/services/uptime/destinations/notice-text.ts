import type { NamedMonitors, NoticeBody } from '../domain/notice-body.ts'

/** How bad the news is; mails show its colour and shape. */
export type NoticeTone = 'ok' | 'degraded' | 'down' | 'maintenance' | 'unknown'

/** The text of one notification, whatever channel sends it. */
export type NoticeText = {
  readonly subject: string
  readonly tone: NoticeTone
  /** The state in a word or two; the subject begins with it. */
  readonly state: string
  readonly headline: string
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly link: { readonly url: string; readonly label: string } | undefined
}

const subjectLengthMax = 250

/** The reader's language, and a function that formats an ISO 8601 time for them. */
export type NoticeReader = {
  readonly language: 'en' | 'ja'
  readonly writeMoment: (at: string) => string
}

/** What a notification is about, as known when it is sent. */
export type NoticeSubject = {
  /** The sentence that explains why the monitor is down, if known. */
  readonly cause: string | undefined
  /** The incident ended although its target did not recover: somebody paused the monitor, for example. */
  readonly isUnrecovered?: boolean
  readonly monitors?: NamedMonitors | undefined
  /** Host and path; null without a monitor, or if the monitor has none. */
  readonly target: string | null
  readonly publicUrl: string
}

/** Writes a notification for one reader. */
export function writeNotice(
  written: NoticeBody,
  { cause, isUnrecovered = false, monitors, target, publicUrl }: NoticeSubject,
  reader: NoticeReader,
): NoticeText {
  const own = words[reader.language]
  const monitorName = monitors === undefined ? written.monitorName : own.several(monitors)
  const body = { ...written, monitorName }
  const { title, startedAt, resolvedAt, durationSeconds } = body
  const isOver = isUnrecovered && body.event === 'incident.resolved'
  const state = isOver && title === undefined ? own.isEnded : mark(own, body)
  return {
    subject: oneLine(`[${state}] ${title ?? monitorName}`),
    tone: isOver ? 'unknown' : toTone(body),
    state,
    headline:
      isOver && title === undefined
        ? own.endedDown(monitorName, own.duration(durationSeconds ?? 0))
        : writeHeadline(own, body, reader),
    facts: [
      ...(target === null ? [] : [[own.target, target] as const]),
      ...(cause === undefined ? [] : [[own.cause, cause] as const]),
      ...(startedAt === undefined ? [] : [[own.since, reader.writeMoment(startedAt)] as const]),
      ...(resolvedAt === undefined
        ? []
        : [[isOver ? own.ended : own.until, reader.writeMoment(resolvedAt)] as const]),
      ...(durationSeconds === undefined ? [] : [[own.lasted, own.duration(durationSeconds)] as const]),
    ],
    link: { url: toLink(body, publicUrl), label: own.open },
  }
}

/** The page of the dashboard that shows what the notification is about. */
function toLink({ event, incidentUrl, monitorId }: NoticeBody, publicUrl: string): string {
  if (incidentUrl !== undefined) return incidentUrl
  if (monitorId !== null) return `${publicUrl}/app/uptime/monitors/${monitorId}`
  return event.startsWith('maintenance.') ? `${publicUrl}/app/uptime/maintenance` : `${publicUrl}/app/alerts`
}

/** The word for an event with which the subject of its notification begins. */
export function nameEvent(event: string, language: 'en' | 'ja'): string {
  return mark(words[language], { event })
}

/** Writes a notification whose text another service provides. */
export function writeForeignNotice(
  { event, severity, alertUrl }: NoticeBody,
  { title, summary }: { readonly title: string; readonly summary: string },
  language: 'en' | 'ja',
): NoticeText {
  const own = words[language]
  const isOver = event === 'alert.closed'
  const state = isOver ? own.over : own.notice
  return {
    subject: oneLine(`[${state}] ${title}`),
    tone: isOver ? 'ok' : severity === 'critical' ? 'down' : 'degraded',
    state,
    headline: isOver ? own.isOver(title) : title,
    facts: isOver ? [] : [[own.details, summary]],
    link: alertUrl === undefined ? undefined : { url: alertUrl, label: own.open },
  }
}

type Words = {
  readonly down: string
  readonly up: string
  readonly slow: string
  readonly maintenance: string
  readonly notice: string
  readonly incident: string
  readonly resolved: string
  readonly isDown: (name: string) => string
  readonly isBack: (name: string, duration: string) => string
  readonly endedDown: (name: string, duration: string) => string
  readonly isStillDown: (name: string, duration: string) => string
  readonly isSlow: (name: string) => string
  readonly isFastAgain: (name: string) => string
  readonly opened: (title: string) => string
  readonly isStillOpen: (title: string, duration: string) => string
  readonly acknowledged: (title: string) => string
  readonly updated: (title: string) => string
  readonly closed: (title: string) => string
  readonly flapping: (name: string, state: string) => string
  readonly settled: (name: string, state: string, changes: number) => string
  readonly maintenanceStarted: (name: string, until: string) => string
  readonly maintenanceEnded: (name: string) => string
  readonly neverUp: (name: string) => string
  readonly test: string
  readonly other: (name: string, event: string) => string
  readonly target: string
  readonly cause: string
  readonly since: string
  readonly until: string
  readonly ended: string
  readonly isEnded: string
  readonly several: (monitors: NamedMonitors) => string
  readonly lasted: string
  readonly details: string
  readonly over: string
  readonly isOver: (title: string) => string
  readonly open: string
  readonly untilNotice: string
  readonly states: Readonly<Record<string, string>>
  readonly duration: (seconds: number) => string
}

const words: Readonly<Record<'en' | 'ja', Words>> = {
  en: {
    down: 'Down',
    up: 'Up',
    slow: 'Degraded',
    maintenance: 'Maintenance',
    notice: 'Notice',
    incident: 'Incident',
    resolved: 'Resolved',
    isDown: (name) => `${name} is down`,
    isBack: (name, duration) => `${name} is back up after ${duration}`,
    endedDown: (name, duration) =>
      `The incident of ${name} ended after ${duration}; it was not seen to come back`,
    isStillDown: (name, duration) => `${name} is still down after ${duration}, and nobody has taken it`,
    isSlow: (name) => `${name} has become slow`,
    isFastAgain: (name) => `${name} is as fast as it should be again`,
    opened: (title) => `Incident opened: ${title}`,
    isStillOpen: (title, duration) => `Still open after ${duration}, and nobody has taken it: ${title}`,
    acknowledged: (title) => `Somebody has taken the incident: ${title}`,
    updated: (title) => `Incident updated: ${title}`,
    closed: (title) => `Incident resolved: ${title}`,
    flapping: (name, state) =>
      `${name} keeps changing; it is ${state} now. Further notices are held back until it settles`,
    settled: (name, state, changes) => `${name} changed ${changes} times; it is ${state} now`,
    maintenanceStarted: (name, until) => `Maintenance of ${name} has begun, until ${until}`,
    maintenanceEnded: (name) => `Maintenance of ${name} has ended`,
    neverUp: (name) => `${name} has never been up since it was added a day ago`,
    test: 'This is a test: what Gatehouse has to tell arrives here',
    other: (name, event) => `${name}: ${event}`,
    target: 'Target',
    cause: 'Cause',
    since: 'Since',
    until: 'Until',
    ended: 'Until',
    isEnded: 'Ended',
    several: nameInEnglish,
    lasted: 'Duration',
    details: 'Details',
    over: 'Over',
    isOver: (title) => `Over: ${title}`,
    open: 'Open in Gatehouse',
    untilNotice: 'further notice',
    states: { up: 'up', down: 'down', degraded: 'degraded', unknown: 'not known', paused: 'paused' },
    duration: (seconds) => {
      if (seconds < 60) return `${seconds} s`
      const minutes = Math.floor(seconds / 60)
      return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
    },
  },
  ja: {
    down: 'ダウン',
    up: '復旧',
    slow: '性能低下',
    maintenance: 'メンテナンス',
    notice: 'お知らせ',
    incident: '障害',
    resolved: '解決',
    isDown: (name) => `${name} がダウンしています`,
    isBack: (name, duration) => `${name} が${duration}ぶりに復旧しました`,
    endedDown: (name, duration) =>
      `${name} のインシデントは${duration}で終了しました。復旧は確認されていません`,
    isStillDown: (name, duration) =>
      `${name} は${duration}たってもダウンしたままで、まだ誰も対応していません`,
    isSlow: (name) => `${name} の応答が遅くなっています`,
    isFastAgain: (name) => `${name} の応答速度が元に戻りました`,
    opened: (title) => `インシデント発生: ${title}`,
    isStillOpen: (title, duration) => `${duration}たっても未解決で、まだ誰も対応していません: ${title}`,
    acknowledged: (title) => `インシデントの対応が始まりました: ${title}`,
    updated: (title) => `インシデントの更新: ${title}`,
    closed: (title) => `インシデント解決: ${title}`,
    flapping: (name, state) =>
      `${name} の状態が繰り返し変化しています (現在: ${state})。落ち着くまで通知を控えます`,
    settled: (name, state, changes) => `${name} の状態が${changes}回変化しました (現在: ${state})`,
    maintenanceStarted: (name, until) => `${name} のメンテナンスを開始しました (${until}まで)`,
    maintenanceEnded: (name) => `${name} のメンテナンスが終了しました`,
    neverUp: (name) => `${name} は追加から1日経っても一度も稼働していません`,
    test: 'これはテストです。Gatehouse からの通知はここに届きます',
    other: (name, event) => `${name}: ${event}`,
    target: '監視対象',
    cause: '原因',
    since: '発生',
    until: '復旧',
    ended: '終了',
    isEnded: '終了',
    several: ({ shown, rest }) => `${shown.join('、')}${rest > 0 ? ` ほか${rest}件` : ''}`,
    lasted: '継続時間',
    details: '詳細',
    over: '解消',
    isOver: (title) => `解消しました: ${title}`,
    open: 'Gatehouseで開く',
    untilNotice: '未定',
    states: { up: '正常', down: 'ダウン', degraded: '性能低下', unknown: '不明', paused: '一時停止' },
    duration: (seconds) => {
      if (seconds < 60) return `${seconds}秒`
      const minutes = Math.floor(seconds / 60)
      return minutes < 60 ? `${minutes}分` : `${Math.floor(minutes / 60)}時間${minutes % 60}分`
    },
  },
}

/** The monitors of a notification as its body names them, for programs. */
export function nameInEnglish({ shown, rest }: NamedMonitors): string {
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}

/** Incidents opened by a person have a title, and do not say that a target is down or up. */
function mark(own: Words, { event, title }: Pick<NoticeBody, 'event' | 'title'>): string {
  const isWritten = title !== undefined
  switch (event) {
    case 'incident.created':
    case 'incident.reminder':
      return isWritten ? own.incident : own.down
    case 'incident.resolved':
      return isWritten ? own.resolved : own.up
    case 'monitor.degraded':
      return own.slow
    case 'monitor.improved':
      return own.up
    case 'maintenance.started':
    case 'maintenance.ended':
      return own.maintenance
    default:
      return own.notice
  }
}

function toTone({ event, state }: NoticeBody): NoticeTone {
  switch (event) {
    case 'incident.created':
    case 'incident.reminder':
      return 'down'
    case 'incident.resolved':
    case 'monitor.improved':
      return 'ok'
    case 'maintenance.started':
    case 'maintenance.ended':
      return 'maintenance'
    default:
      return tones[state ?? ''] ?? 'unknown'
  }
}

const tones: Readonly<Record<string, NoticeTone>> = { up: 'ok', degraded: 'degraded', down: 'down' }

function writeHeadline(own: Words, body: NoticeBody, reader: NoticeReader): string {
  const { event, monitorName, title, maintenanceUntil } = body
  const state = own.states[body.state ?? ''] ?? body.state ?? ''
  switch (event) {
    case 'incident.created':
      return title === undefined ? own.isDown(monitorName) : own.opened(title)
    case 'incident.reminder': {
      const lasted = own.duration(secondsSoFar(body))
      return title === undefined ? own.isStillDown(monitorName, lasted) : own.isStillOpen(title, lasted)
    }
    case 'incident.resolved':
      return title === undefined
        ? own.isBack(monitorName, own.duration(body.durationSeconds ?? 0))
        : own.closed(title)
    case 'incident.acknowledged':
      return own.acknowledged(title ?? monitorName)
    case 'incident.updated':
      return own.updated(title ?? monitorName)
    case 'monitor.degraded':
      return own.isSlow(monitorName)
    case 'monitor.improved':
      return own.isFastAgain(monitorName)
    case 'monitor.flapping':
      return own.flapping(monitorName, state)
    case 'monitor.settled':
      return own.settled(monitorName, state, body.changes ?? 0)
    case 'monitor.never_up':
      return own.neverUp(monitorName)
    case 'maintenance.started':
      return own.maintenanceStarted(
        monitorName,
        maintenanceUntil ? reader.writeMoment(maintenanceUntil) : own.untilNotice,
      )
    case 'maintenance.ended':
      return own.maintenanceEnded(monitorName)
    case 'test':
      return own.test
    default:
      return own.other(monitorName, event)
  }
}

function secondsSoFar({ startedAt, timestamp }: NoticeBody): number {
  if (startedAt === undefined) return 0
  return Math.max(0, Math.round((Date.parse(timestamp) - Date.parse(startedAt)) / 1000))
}

/** Removes line breaks, so that a name cannot start another mail header. */
/** The subject is a header, and contains what people wrote. */
export function oneLine(text: string): string {
  return [...text.replaceAll(/[\r\n\t\0]+/g, ' ')].slice(0, subjectLengthMax).join('')
}
