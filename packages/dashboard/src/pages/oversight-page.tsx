import { useQuery } from '@tanstack/react-query'
import { at } from '../at.ts'
import { Section } from '../controls.tsx'
import { toNumber, toPercent } from '../number-format.ts'
import { AlertList } from '../oversight/alert-list.tsx'
import { CallCoverage } from '../oversight/call-coverage.tsx'
import { BandBars } from '../oversight/band-bars.tsx'
import { ByDomain } from '../oversight/by-domain.tsx'
import { MeasureRow } from '../oversight/measure-row.tsx'
import { domains, type Organisation, oversight, readWindow, windows } from '../oversight/oversight-calls.ts'
import { TeamGain } from '../oversight/team-gain.tsx'
import { Found, Heading } from '../parts.tsx'
import { Choose, Segments } from '../parts/choices.tsx'
import { EmptyState } from '../parts/empty-state.tsx'
import { useTableState } from '../parts/table-state.ts'
import { usePerson } from '../session.ts'
import { oversightWords } from '../words/oversight-words.ts'
import { partsWords } from '../words/parts-words.ts'

const says = oversightWords.org
const everyMs = 60_000
const lossAxis = { min: 0, max: 0.6 }
const agreementAxis = { min: -0.2, max: 1, reference: 0 }

export function OversightPage() {
  const { state, change } = useTableState(['domain', 'window'])
  const window = readWindow(state.filters['window'])
  const domain = domains.find((known) => known === state.filters['domain'])
  const query = useQuery({
    queryKey: ['oversight', window, domain],
    queryFn: ({ signal }) =>
      oversight.organization({ window, ...(domain === undefined ? {} : { domain }) }, { signal }),
    refetchInterval: everyMs,
  })
  const set = (name: string, value: string): void => change({ filters: { ...state.filters, [name]: value } })
  return (
    <>
      <Heading title={says.title} text={says.text}>
        <div class="actions">
          <Choose
            label={oversightWords.domain}
            value={query.data?.domain ?? domain ?? 'general'}
            options={domains.map((value) => ({ value, text: oversightWords.domains[value] }))}
            onChoose={(value) => set('domain', value)}
          />
          <Segments
            label={oversightWords.window}
            value={window}
            options={windows.map((value) => ({ value, text: oversightWords.windows[value] }))}
            onChoose={(value) => set('window', value)}
          />
        </div>
      </Heading>
      <Found query={query}>
        {(found) => (found.by_domain.length === 0 ? <Nothing /> : <Panels found={found} />)}
      </Found>
    </>
  )
}

function Nothing() {
  return (
    <EmptyState title={says.empty} text={says.emptyText}>
      <a class="button" href={at('/keys')}>
        {says.emptyKey}
      </a>
      <a class="button" href={at('/oversight/imports')}>
        {says.emptyImport}
      </a>
    </EmptyState>
  )
}

function Panels({ found }: { readonly found: Organisation }) {
  const { reliance, dashboard, agreement } = found
  const person = usePerson()
  return (
    <>
      <Known found={found} />
      <CallCoverage />
      <TeamGain
        gain={found.team_gain}
        withheld={says.fewPeople(
          toNumber(dashboard.total_operators - found.withheld_count),
          toNumber(dashboard.total_operators),
        )}
      />
      {reliance === null ? null : (
        <>
          <Section title={oversightWords.person.reliance}>
            <dl class="measures">
              <MeasureRow
                name={oversightWords.over}
                text={oversightWords.overText}
                metric={reliance.over_reliance}
              />
              <MeasureRow
                name={oversightWords.under}
                text={oversightWords.underText}
                metric={reliance.under_reliance}
              />
            </dl>
          </Section>
          <Section title={says.loss} text={says.lossText}>
            <dl class="measures">
              <MeasureRow
                name={says.total}
                metric={reliance.total_loss}
                axis={lossAxis}
                missing={oversightWords.sendOwn}
              />
              <MeasureRow
                name={says.mis}
                metric={reliance.mis_reliance_loss}
                axis={lossAxis}
                missing={oversightWords.sendOwn}
              />
              <MeasureRow
                name={says.discrimination}
                metric={reliance.discrimination_loss}
                axis={lossAxis}
                missing={oversightWords.sendOwn}
              />
            </dl>
          </Section>
          <Section title={says.distribution} text={oversightWords.notQuality}>
            <BandBars distribution={dashboard.distribution} withheld={found.withheld_count} />
          </Section>
        </>
      )}
      <Section title={says.byDomain}>
        <ByDomain groups={found.by_domain} />
      </Section>
      {agreement === null ? null : (
        <Section title={says.agreement} text={says.agreementText}>
          <dl class="measures">
            <MeasureRow
              name="Krippendorff α"
              metric={agreement.alpha}
              axis={agreementAxis}
              format={toNumber}
            />
          </dl>
        </Section>
      )}
      {person === undefined || person.role === 'viewer' ? null : (
        <Section title={says.alerts}>
          <AlertList state="open" />
          <a href={at('/oversight/alerts')}>{says.allAlerts}</a>
        </Section>
      )}
    </>
  )
}

/** The coverage of AI calls, and the evidence grades of decisions. */
function Known({ found: { coverage, evidence_mix: mix } }: { readonly found: Organisation }) {
  const share = (value: number | null): string => (value === null ? '—' : toPercent(value))
  const { value, low, high, observed } = coverage.calls
  return (
    <section class="known" aria-label={says.known}>
      <span>{says.outcomes(share(coverage.outcomes_known), toNumber(mix.n))}</span>
      <span>{says.owns(share(coverage.own_answers))}</span>
      <span>
        {value === null || low === null || high === null
          ? says.noCalls
          : says.calls(
              `${toPercent(value)} (${partsWords.interval.range(toPercent(low), toPercent(high))})`,
              toNumber(observed),
            )}
      </span>
      <span>{says.mix(toPercent(mix.asserted), toPercent(mix.anchored), toPercent(mix.attested))}</span>
    </section>
  )
}
