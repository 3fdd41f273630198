import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { createEgress, noAllowance } from '@gatehouse/kernel/egress'
import { html } from '@gatehouse/kernel/endpoint'
import { Secret } from '@gatehouse/kernel/secrets'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { afterEach, expect, it } from 'vitest'
import { createMailer, type Mailer } from './create-mailer.ts'
import { parseRelay } from './parse-relay.ts'

const servers: SMTPServer[] = []
const message = { to: 'ann@example.com', subject: '招待', text: 'Hello' }

afterEach(async () => {
  await Promise.all(
    servers.splice(0).map((server) => new Promise<void>((done) => server.close(() => done()))),
  )
})

type Sink = { readonly port: number; readonly mails: ParsedMail[]; readonly sources: string[] }

async function startSink(options: SMTPServerOptions = {}): Promise<Sink> {
  const mails: ParsedMail[] = []
  const sources: string[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) =>
      void readText(stream)
        .then((source) => (sources.push(source), simpleParser(source)))
        .then((mail) => (mails.push(mail), done()), done),
    ...options,
  })
  servers.push(server)
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  // Safe: a TCP server that listens has an address with a port.
  return { port: (server.server.address() as AddressInfo).port, mails, sources }
}

function mailerTo(url: string): Mailer {
  return createMailer({
    relay: parseRelay(new Secret(url)),
    from: 'Gatehouse <gate@example.com>',
    egress: createEgress({ allow: noAllowance }),
  })
}

it('a mail arrives with text, HTML, headers and its own id', async () => {
  const { port, mails } = await startSink()
  const posting = await mailerTo(`smtp://127.0.0.1:${port}`).send({
    ...message,
    html: html`<p>${'<b>'}</p>`,
    headers: { 'X-Incident': '7' },
    messageId: '<7@example.com>',
  })
  expect(posting).toEqual({ outcome: 'sent', messageId: '<7@example.com>' })
  const [mail] = mails
  expect(mail?.subject).toBe('招待')
  expect(mail?.text?.trim()).toBe('Hello')
  expect(mail?.html).toContain('&lt;b&gt;')
  expect(mail?.headers.get('x-incident')).toBe('7')
  expect(mail?.messageId).toBe('<7@example.com>')
})

it('line breaks in a subject or header add no header', async () => {
  const { port, mails } = await startSink()
  await mailerTo(`smtp://127.0.0.1:${port}`).send({
    ...message,
    subject: 'Hi\r\nBcc: eve@example.com',
    headers: { 'X-Note': 'a\r\nCc: eve@example.com' },
  })
  expect(mails).toHaveLength(1)
  expect(mails[0]?.bcc).toBeUndefined()
  expect(mails[0]?.cc).toBeUndefined()
})

it.each([
  'T =?utf-8?q?=0d=0aX?=',
  '=?UTF-8?B?RXZl?= <eve@example.com>',
  '=?iso-2022-jp?b?GyRCJDMbKEI=?=',
  '障害 =?utf-8?q?=0d=0aBcc:_eve=40example.com?= です',
  '=?utf-8?q?half of one',
  '=?=?utf-8?q?a?=?=',
  `${'long '.repeat(40)}=?utf-8?q?x?= ${'も'.repeat(120)}`,
])('what looks like an encoded word arrives as it was written: %s', async (text) => {
  const { port, mails, sources } = await startSink()
  const posting = await mailerTo(`smtp://127.0.0.1:${port}`).send({
    ...message,
    subject: text,
    headers: { 'X-Note': text },
  })
  expect(posting).toMatchObject({ outcome: 'sent' })
  const [mail] = mails
  expect(mail?.subject).toBe(text)
  expect(mail?.bcc).toBeUndefined()
  expect(mail?.to).toMatchObject({ text: message.to })
  for (const word of text.match(/=\?\S+\?=/g) ?? []) expect(sources[0]).not.toContain(word)
})

it('an address that looks like an encoded word stays the address that it is', async () => {
  const to = '=?utf-8?q?eve=40evil.example=3e?=@example.com'
  const recipients: string[] = []
  const { port, mails, sources } = await startSink({
    onRcptTo: ({ address }, _session, done) => (recipients.push(address), done()),
  })
  await mailerTo(`smtp://127.0.0.1:${port}`).send({ ...message, to })
  const quoted = '"=?utf-8?q?eve=40evil.example=3e?="@example.com'
  expect(recipients).toEqual([quoted])
  expect(sources[0]).toContain(`To: <${quoted}>`)
  expect(JSON.stringify(mails[0]?.to)).not.toContain('eve@evil.example')
})

it.each(['<=?utf-8?q?a?=@example.com>', '<a b@example.com>', 'a@example.com'])(
  'the thread id %s is no id, and no mail bears it',
  async (messageId) => {
    const { port, mails } = await startSink()
    const mailer = mailerTo(`smtp://127.0.0.1:${port}`)
    await expect(mailer.send({ ...message, messageId })).rejects.toThrow('thread id')
    const headers = { 'In-Reply-To': messageId }
    await expect(mailer.send({ ...message, headers })).rejects.toThrow('thread id')
    expect(mails).toEqual([])
  },
)

it('commas in an address add no recipient', async () => {
  const recipients: string[] = []
  const { port } = await startSink({
    onRcptTo: ({ address }, _session, done) => (recipients.push(address), done()),
  })
  await mailerTo(`smtp://127.0.0.1:${port}`).send({ ...message, to: 'ann@example.com,eve@example.com' })
  expect(recipients).not.toContain('eve@example.com')
})

it('an address refused for good is not tried again', async () => {
  const { port } = await startSink({
    onRcptTo: (_address, _session, done) =>
      done(Object.assign(new Error('no such user'), { responseCode: 550 })),
  })
  expect(await mailerTo(`smtp://127.0.0.1:${port}`).send(message)).toMatchObject({ outcome: 'failed' })
})

it('an address refused for now is tried again', async () => {
  const { port } = await startSink({
    onRcptTo: (_address, _session, done) => done(Object.assign(new Error('busy'), { responseCode: 451 })),
  })
  expect(await mailerTo(`smtp://127.0.0.1:${port}`).send(message)).toMatchObject({ outcome: 'retry' })
})

it('a relay that is away is tried again', async () => {
  const { port } = await startSink()
  await new Promise<void>((done) => servers.pop()?.close(() => done()))
  expect(await mailerTo(`smtp://127.0.0.1:${port}`).send(message)).toEqual({
    outcome: 'retry',
    because: 'connect_refused',
  })
})

it('credentials are not sent to a relay that offers no encryption', async () => {
  const seen: string[] = []
  const { port } = await startSink({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username }, _session, done) => (seen.push(username ?? ''), done(null, { user: 'ann' })),
  })
  expect(await mailerTo(`smtp://ann:secret@127.0.0.1:${port}`).send(message)).toMatchObject({
    outcome: 'retry',
  })
  expect(seen).toEqual([])
})

it('without a relay nothing is pretended', async () => {
  const mailer = createMailer({
    relay: undefined,
    from: 'x@example.com',
    egress: createEgress({ allow: noAllowance }),
  })
  expect(mailer.isConfigured).toBe(false)
  expect(await mailer.send(message)).toMatchObject({ outcome: 'retry' })
})
