import type { SubscriberNotice } from '../domain/subscriber-notice.ts'
import type { PageLanguage } from '../pages/page-words.ts'
import { nameIncident, writeUpdate } from './subscriber-text.ts'

/** What a program is told: what the page shows, and the same bytes on every attempt. */
export function toWebhookBody(notice: SubscriberNotice, language: PageLanguage): object {
  const { event, atMs, page } = notice
  const head = {
    type: event,
    timestamp: toTime(atMs),
    page: { id: page.id, name: page.name, url: page.url },
  }
  if ('incident' in notice) {
    const { id, component, impact, startedAtMs, resolvedAtMs, phase } = notice.incident
    return {
      ...head,
      incident: {
        id,
        title: nameIncident(notice.incident, language),
        impact,
        phase: event === 'incident.resolved' ? 'resolved' : phase,
        update: writeUpdate(notice, language),
        startedAt: toTime(startedAtMs),
        resolvedAt: resolvedAtMs === null ? null : toTime(resolvedAtMs),
        components: component === null ? [] : [component],
        url: `${page.url}#incident-${id}`,
      },
    }
  }
  const { id, title, components, startsAtMs, endsAtMs } = notice.maintenance
  return {
    ...head,
    maintenance: {
      id,
      title,
      components,
      startsAt: toTime(startsAtMs),
      endsAt: endsAtMs === null ? null : toTime(endsAtMs),
      url: page.url,
    },
  }
}

function toTime(ms: number): string {
  return new Date(ms).toISOString()
}
