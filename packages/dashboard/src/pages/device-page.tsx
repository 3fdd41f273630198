import type { DeviceLogin } from '@gatehouse/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useLocation } from 'preact-iso'
import { useState } from 'preact/hooks'
import { Facts } from '../facts.tsx'
import { Ago, Complaint, Heading } from '../parts.tsx'
import { Field } from '../parts/field.tsx'
import { isRefusal, saying } from '../refusal.ts'
import { SendVerification } from '../send-verification.tsx'
import { gatehouse } from '../session.ts'
import { toText } from '../to-text.ts'
import { useMe } from '../use-me.ts'
import { toServiceName } from '../keys/key-services.ts'
import { words } from '../words.ts'
import { deviceWords as says } from '../words/device-words.ts'

const { devices } = gatehouse.platform
const refusals = { EXPIRED_TOKEN: says.expired, TOO_MANY_ATTEMPTS: says.tooMany, FORBIDDEN: says.viewer }

type Verdict = {
  readonly title: string
  readonly text: string
  /** Where the device waits for the browser's redirect, if it does. */
  readonly returnTo: string | null
}

/** Approves or denies a device by the code that it displays (RFC 8628 §3.3). */
export function DevicePage() {
  const given = toUserCode(useLocation().query['code'] ?? '')
  const [userCode, setUserCode] = useState(given)
  const [verdict, setVerdict] = useState<Verdict>()
  return (
    <>
      <Heading title={says.title} {...(userCode === '' ? { text: says.text } : {})} />
      {verdict !== undefined ? (
        <Decided {...verdict} />
      ) : userCode === '' ? (
        <CodeForm onCode={setUserCode} />
      ) : (
        <Asked userCode={userCode} onOther={() => setUserCode('')} onVerdict={setVerdict} />
      )}
    </>
  )
}

function CodeForm({ onCode }: { readonly onCode: (userCode: string) => void }) {
  return (
    <form
      class="panel narrow"
      onSubmit={(event) => {
        event.preventDefault()
        onCode(toUserCode(toText(new FormData(event.currentTarget), 'code')))
      }}
    >
      <Field label={says.code} name="code" placeholder="BCDF-GHJK" />
      <button type="submit" class="primary">
        {says.next}
      </button>
    </form>
  )
}

function Asked({
  userCode,
  onOther,
  onVerdict,
}: {
  readonly userCode: string
  readonly onOther: () => void
  readonly onVerdict: (verdict: Verdict) => void
}) {
  const query = useQuery({
    queryKey: ['device', userCode],
    queryFn: ({ signal }) => saying(refusals, () => devices.find(userCode, { signal })),
    // Each look-up counts as a guess, so none is repeated automatically.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    gcTime: 0,
  })
  if (query.isPending)
    return (
      <p class="muted" role="status">
        {words.loading}
      </p>
    )
  if (isRefusal(query.error, 'EMAIL_UNVERIFIED')) return <Unverified />
  if (query.data === undefined)
    return (
      <div class="panel narrow">
        <Complaint error={query.error} />
        <button type="button" onClick={onOther}>
          {says.other}
        </button>
      </div>
    )
  return <Question userCode={userCode} login={query.data} onOther={onOther} onVerdict={onVerdict} />
}

function Question({
  userCode,
  login,
  onOther,
  onVerdict,
}: {
  readonly userCode: string
  readonly login: DeviceLogin
  readonly onOther: () => void
  readonly onVerdict: (verdict: Verdict) => void
}) {
  const approve = useMutation({
    mutationFn: () => saying(refusals, () => devices.approve(userCode)),
    onSuccess: ({ apiKeyName, callbackUrl }) =>
      onVerdict({ title: says.approved, text: says.approvedText(apiKeyName), returnTo: callbackUrl }),
  })
  const deny = useMutation({
    mutationFn: () => saying(refusals, () => devices.deny(userCode)),
    onSuccess: () => onVerdict({ title: says.denied, text: says.deniedText, returnTo: null }),
  })
  const me = useMe()
  const org = me.data?.teams.find(({ id }) => id === me.data.teamId)?.name
  const isBusy = approve.isPending || deny.isPending
  return (
    <section class="panel narrow" aria-label={says.title}>
      <div class="compare">
        <h2>{says.compare}</h2>
        <p class="code" translate={false}>
          {userCode}
        </p>
        <p class="muted small">{says.compareText}</p>
      </div>
      <Facts
        facts={[
          [says.client, says.clients[login.client]],
          [says.from, [login.ipAddress, login.userAgent].filter(Boolean).join(' · ')],
          [says.asked, <Ago at={login.createdAt} />],
          [says.key, login.apiKeyName],
          ...(org === undefined ? [] : [[says.org, org] as const]),
          [says.scopes, toScopes(login)],
          ...(login.callbackUrl === null ? [] : [[says.returns, login.callbackUrl] as const]),
        ]}
      />
      <Complaint error={approve.error ?? deny.error} />
      <div class="actions">
        <button type="button" class="primary" disabled={isBusy} onClick={() => approve.mutate()}>
          {says.approve}
        </button>
        <button type="button" disabled={isBusy} onClick={() => deny.mutate()}>
          {says.deny}
        </button>
        <button type="button" class="quiet" disabled={isBusy} onClick={onOther}>
          {says.other}
        </button>
      </div>
    </section>
  )
}

function Unverified() {
  return (
    <section class="panel narrow">
      <h2>{says.unverified}</h2>
      <p class="muted">{says.unverifiedText}</p>
      <SendVerification />
    </section>
  )
}

function Decided({ title, text, returnTo }: Verdict) {
  return (
    <div class="panel narrow" role="status">
      <h2>{title}</h2>
      <p class="muted">{text}</p>
      {returnTo === null ? null : (
        <a class="button primary" href={returnTo}>
          {says.goBack}
        </a>
      )}
    </div>
  )
}

function toScopes({ service, scopes }: DeviceLogin): string {
  const verbs = ['read', 'write'] as const
  const named = verbs.flatMap((verb) =>
    scopes.some((scope) => scope.endsWith(`:${verb}`)) ? [says.scope[verb]] : [],
  )
  return [says.service(toServiceName({ name: service, title: service })), ...named].join(' · ')
}

/** The code in the form that the device displays, however it was typed. */
function toUserCode(typed: string): string {
  const letters = typed.toUpperCase().replaceAll(/[^A-Z]/g, '')
  return letters.length > 4 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters
}
