import { accountBreaks } from './account-breaks.ts'
import { accountPromises } from './account-promises.ts'
import { administrationBreaks } from './administration-breaks.ts'
import { alertBreaks } from './alert-breaks.ts'
import { alertPromises } from './alert-promises.ts'
import type { Break } from './break.ts'
import { calendarBreaks } from './calendar-breaks.ts'
import { calendarPromises } from './calendar-promises.ts'
import { claimBreaks } from './claim-breaks.ts'
import { claimPromises } from './claim-promises.ts'
import { computationBreaks } from './computation-breaks.ts'
import { customerBreaks } from './customer-breaks.ts'
import { customerPromises } from './customer-promises.ts'
import { deliveryBreaks } from './delivery-breaks.ts'
import { disclosureBreaks } from './disclosure-breaks.ts'
import { disclosurePromises } from './disclosure-promises.ts'
import { decisionBreaks } from './decision-breaks.ts'
import { decisionPromises } from './decision-promises.ts'
import { domainBreaks } from './domain-breaks.ts'
import { domainPromises } from './domain-promises.ts'
import { exposureBreaks } from './exposure-breaks.ts'
import { exposurePromises } from './exposure-promises.ts'
import { evidenceBreaks } from './evidence-breaks.ts'
import { frameBreaks } from './frame-breaks.ts'
import { framePromises } from './frame-promises.ts'
import { httpPromises } from './http-promises.ts'
import { httpBreaks } from './http-breaks.ts'
import { kernelBreaks } from './kernel-breaks.ts'
import { operationsBreaks } from './operations-breaks.ts'
import { modelBreaks } from './model-breaks.ts'
import { monitorBreaks } from './monitor-breaks.ts'
import { monitorScreenBreaks } from './monitor-screen-breaks.ts'
import { monitorScreenPromises } from './monitor-screen-promises.ts'
import { languageBreaks } from './language-breaks.ts'
import { languagePromises } from './language-promises.ts'
import { liveBreaks } from './live-breaks.ts'
import { livePromises } from './live-promises.ts'
import { overviewBreaks } from './overview-breaks.ts'
import { overviewPromises } from './overview-promises.ts'
import { platformBreaks } from './platform-breaks.ts'
import {
  administrationPromises,
  computationPromises,
  deliveryPromises,
  evidencePromises,
  kernelPromises,
  operationsPromises,
  modelPromises,
  monitorPromises,
  platformPromises,
  signOnPromises,
  reportPromises,
  servicePromises,
  surfacePromises,
  uptimePromises,
  volatilityPromises,
  type PromiseName,
} from './promises.ts'
import { postureBreaks } from './posture-breaks.ts'
import { posturePromises } from './posture-promises.ts'
import { pageBreaks } from './page-breaks.ts'
import { pagePromises } from './page-promises.ts'
import { reportBreaks } from './report-breaks.ts'
import { seriesBreaks } from './series-breaks.ts'
import { screenBreaks } from './screen-breaks.ts'
import { screenPromises } from './screen-promises.ts'
import { serviceBreaks } from './service-breaks.ts'
import { seriesPromises } from './series-promises.ts'
import { surfaceBreaks } from './surface-breaks.ts'
import { signOnBreaks } from './sign-on-breaks.ts'
import { streamBreaks } from './stream-breaks.ts'
import { subscriberBreaks } from './subscriber-breaks.ts'
import { subscriberPromises } from './subscriber-promises.ts'
import { uptimeBreaks } from './uptime-breaks.ts'
import { volatilityBreaks } from './volatility-breaks.ts'
import { watchBreaks } from './watch-breaks.ts'
import { watchPromises } from './watch-promises.ts'

/** What is promised where, and how each promise could come to be broken. */
export const areas: readonly {
  readonly promises: readonly PromiseName[]
  readonly breaks: readonly Break[]
}[] = [
  { promises: kernelPromises, breaks: kernelBreaks },
  { promises: platformPromises, breaks: platformBreaks },
  { promises: accountPromises, breaks: accountBreaks },
  { promises: signOnPromises, breaks: signOnBreaks },
  { promises: servicePromises, breaks: serviceBreaks },
  { promises: operationsPromises, breaks: operationsBreaks },
  { promises: exposurePromises, breaks: exposureBreaks },
  { promises: screenPromises, breaks: screenBreaks },
  { promises: watchPromises, breaks: watchBreaks },
  { promises: uptimePromises, breaks: uptimeBreaks },
  { promises: httpPromises, breaks: httpBreaks },
  { promises: surfacePromises, breaks: surfaceBreaks },
  { promises: monitorPromises, breaks: monitorBreaks },
  { promises: deliveryPromises, breaks: deliveryBreaks },
  { promises: modelPromises, breaks: modelBreaks },
  { promises: evidencePromises, breaks: evidenceBreaks },
  { promises: posturePromises, breaks: postureBreaks },
  { promises: reportPromises, breaks: reportBreaks },
  { promises: administrationPromises, breaks: administrationBreaks },
  { promises: volatilityPromises, breaks: [...volatilityBreaks, ...streamBreaks] },
  { promises: seriesPromises, breaks: seriesBreaks },
  { promises: computationPromises, breaks: computationBreaks },
  { promises: decisionPromises, breaks: decisionBreaks },
  { promises: framePromises, breaks: frameBreaks },
  { promises: languagePromises, breaks: languageBreaks },
  { promises: livePromises, breaks: liveBreaks },
  { promises: overviewPromises, breaks: overviewBreaks },
  { promises: customerPromises, breaks: customerBreaks },
  { promises: pagePromises, breaks: pageBreaks },
  { promises: subscriberPromises, breaks: subscriberBreaks },
  { promises: domainPromises, breaks: domainBreaks },
  { promises: calendarPromises, breaks: calendarBreaks },
  { promises: monitorScreenPromises, breaks: monitorScreenBreaks },
  { promises: disclosurePromises, breaks: disclosureBreaks },
  { promises: claimPromises, breaks: claimBreaks },
  { promises: alertPromises, breaks: alertBreaks },
]

export const breaks: readonly Break[] = areas.flatMap((area) => area.breaks)
