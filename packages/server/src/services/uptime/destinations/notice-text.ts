import type { NoticeBody } from '../domain/notice-body.ts'

/** The text of one notification, whatever channel sends it. */
export type NoticeText = {
  readonly subject: string
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

/** Writes a notification for one reader. `cause` is the sentence that explains why the monitor is down, if known. */
export function writeNotice(body: NoticeBody, cause: string | undefined, reader: NoticeReader): NoticeText {
  const own = words[reader.language]
  const { title, monitorName, startedAt, incidentUrl } = body
  return {
    subject: oneLine(`[${mark(own, body)}] ${title ?? monitorName}`),
    headline: writeHeadline(own, body, reader),
    facts: [
      ...(startedAt === undefined ? [] : [[own.since, reader.writeMoment(startedAt)] as const]),
      ...(cause === undefined ? [] : [[own.cause, cause] as const]),
    ],
    link: incidentUrl === undefined ? undefined : { url: incidentUrl, label: own.open },
  }
}

/** Writes a notification whose text another service provides. */
export function writeForeignNotice(
  { event, alertUrl }: NoticeBody,
  { title, summary }: { readonly title: string; readonly summary: string },
  language: 'en' | 'ja',
): NoticeText {
  const own = words[language]
  const isOver = event === 'alert.closed'
  return {
    subject: oneLine(`[${isOver ? own.over : own.notice}] ${title}`),
    headline: isOver ? own.isOver(title) : title,
    facts: isOver ? [] : [[own.details, summary]],
    link: alertUrl === undefined ? undefined : { url: alertUrl, label: own.open },
  }
}

type Words = {
  readonly down: string
  readonly up: string
  readonly notice: string
  readonly incident: string
  readonly resolved: string
  readonly isDown: (name: string) => string
  readonly isBack: (name: string, duration: string) => string
  readonly opened: (title: string) => string
  readonly closed: (title: string) => string
  readonly flapping: (name: string, state: string) => string
  readonly settled: (name: string, state: string, changes: number) => string
  readonly maintenanceStarted: (name: string, until: string) => string
  readonly maintenanceEnded: (name: string) => string
  readonly neverUp: (name: string) => string
  readonly test: string
  readonly other: (name: string, event: string) => string
  readonly since: string
  readonly cause: string
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
    notice: 'Notice',
    incident: 'Incident',
    resolved: 'Resolved',
    isDown: (name) => `${name} is down`,
    isBack: (name, duration) => `${name} is back up after ${duration}`,
    opened: (title) => `Incident opened: ${title}`,
    closed: (title) => `Incident resolved: ${title}`,
    flapping: (name, state) =>
      `${name} keeps changing; it is ${state} now. Further notices are held back until it settles`,
    settled: (name, state, changes) => `${name} changed ${changes} times; it is ${state} now`,
    maintenanceStarted: (name, until) => `Maintenance of ${name} has begun, until ${until}`,
    maintenanceEnded: (name) => `Maintenance of ${name} has ended`,
    neverUp: (name) => `${name} has never been up since it was added a day ago`,
    test: 'This is a test: what Gatehouse has to tell arrives here',
    other: (name, event) => `${name}: ${event}`,
    since: 'Since',
    cause: 'Cause',
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
    notice: 'お知らせ',
    incident: '障害',
    resolved: '解決',
    isDown: (name) => `${name} がダウンしています`,
    isBack: (name, duration) => `${name} が${duration}ぶりに復旧しました`,
    opened: (title) => `インシデント発生: ${title}`,
    closed: (title) => `インシデント解決: ${title}`,
    flapping: (name, state) =>
      `${name} の状態が繰り返し変化しています (現在: ${state})。落ち着くまで通知を控えます`,
    settled: (name, state, changes) => `${name} の状態が${changes}回変化しました (現在: ${state})`,
    maintenanceStarted: (name, until) => `${name} のメンテナンスを開始しました (${until}まで)`,
    maintenanceEnded: (name) => `${name} のメンテナンスが終了しました`,
    neverUp: (name) => `${name} は追加から1日経っても一度も稼働していません`,
    test: 'これはテストです。Gatehouse からの通知はここに届きます',
    other: (name, event) => `${name}: ${event}`,
    since: '発生',
    cause: '原因',
    details: '詳細',
    over: '解消',
    isOver: (title) => `解消しました: ${title}`,
    open: 'Gatehouseで開く',
    untilNotice: '未定',
    states: { up: '正常', down: 'ダウン', degraded: '性能低下', unknown: '不明', paused: '一時停止' },
    duration: (seconds) => (seconds < 60 ? `${seconds}秒` : `${Math.floor(seconds / 60)}分`),
  },
}

/** Incidents opened by a person have a title, and do not say that a target is down or up. */
function mark(own: Words, { event, title }: NoticeBody): string {
  const isWritten = title !== undefined
  if (event === 'incident.created') return isWritten ? own.incident : own.down
  if (event === 'incident.resolved') return isWritten ? own.resolved : own.up
  return own.notice
}

function writeHeadline(own: Words, body: NoticeBody, reader: NoticeReader): string {
  const { event, monitorName, title, maintenanceUntil } = body
  const state = own.states[body.state ?? ''] ?? body.state ?? ''
  switch (event) {
    case 'incident.created':
      return title === undefined ? own.isDown(monitorName) : own.opened(title)
    case 'incident.resolved':
      return title === undefined
        ? own.isBack(monitorName, own.duration(body.durationSeconds ?? 0))
        : own.closed(title)
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

/** Removes line breaks, so that a name cannot start another mail header. */
function oneLine(text: string): string {
  return [...text.replaceAll(/[\r\n\t\0]+/g, ' ')].slice(0, subjectLengthMax).join('')
}
