/** What every server of this benchmark answers: about the size of one monitor. */
export const answer = {
  id: '01JAZ3T9Q5V8W2X4Y6Z8A0B1C2',
  name: 'Checkout',
  url: 'https://shop.example.com/checkout/health',
  state: 'active',
  health: 'up',
  intervalSeconds: 60,
  timeoutMs: 10_000,
  regions: ['eu-central', 'us-east'],
  labels: { team: 'payments', tier: '1' },
  lastCheckedAt: '2026-01-01T00:00:00.000Z',
  responseTimeMs: 142,
}

export const answerPath = '/api/v1/answers/one'
/** The same, read from the database first. */
export const storedAnswerPath = '/api/v1/answers/stored'
