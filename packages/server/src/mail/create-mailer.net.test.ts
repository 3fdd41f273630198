import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
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

async function startSink(options: SMTPServerOptions = {}): Promise<{ port: number; mails: ParsedMail[] }> {
  const mails: ParsedMail[] = []
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    onData: (stream, _session, done) =>
      void simpleParser(stream).then((mail) => (mails.push(mail), done()), done),
    ...options,
  })
  servers.push(server)
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  // Safe: a TCP server that listens has an address with a port.
  return { port: (server.server.address() as AddressInfo).port, mails }
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
