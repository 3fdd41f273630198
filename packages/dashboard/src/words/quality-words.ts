import { inLanguage, type Said } from '../language.ts'

const en = {
  title: 'Quality',
  text: 'How far the regimes shown here agree with what came, measured with the losers beside the winner.',
  live: 'What was shown in the last 30 days',
  liveText:
    'Against labels that are only known afterwards. 1 is always right; always saying normal gets about 0.3.',
  noLive:
    'Nothing is measured yet: labels of the bars shown here have to ripen first, which takes about four days of data.',
  macro: 'Agreement (macro-F1)',
  noInterval: (n: string) => `n = ${n}: too few bars for an interval, so take it for a hint`,
  skill: 'Confidence above the base rate',
  skillText: 'Brier skill: 0 is as good as quoting the average, 1 is perfect.',
  alerts: 'Changes a day',
  lag: 'Delay of those found',
  lagBars: (bars: string) => `${bars} bars`,
  onsets: (found: string, already: string, missed: string) =>
    `${found} found later, ${already} found at once, ${missed} missed`,
  byRegime: 'By regime',
  regime: 'Regime',
  support: 'Labelled bars',
  reliability: 'Does the confidence hold?',
  reliabilityText: 'Where the bar reaches the line, the confidence was right.',
  said: 'Confidence',
  agreed: 'Agreed',
  bars: 'Bars',
  ranges: 'Volatility ranges',
  rangesText: 'How many of the ranges served in the last 30 days held what came.',
  held: (of: string, share: string) => `of the ${of} ranges, ${share} held`,
  noRanges:
    'No range is served yet. They need a calibration of this symbol that an owner has applied, and then about a day of data.',
  contests: 'Methods against each other',
  contestsText:
    'Each on bars that it had not seen, with a 95% interval. A lead whose interval holds 0 is no lead that was shown.',
  labels: { global: 'against the whole month', local: 'against the last day' },
  budget: (most: string) => `at most ${most} changes a day in training`,
  method: 'Method',
  lead: 'Ahead of the default',
  winner: 'ahead',
  baseline: 'baseline',
  overBudget: 'over its budget',
  methods: {
    'published-fixed': 'Published, fixed (default)',
    published: 'Published, refitted',
    'har-gk': 'HAR on Garman–Klass',
    'rv-level': 'Level of volatility',
    'always-normal': 'Always normal',
    percentile: 'Percentile',
    cusum: 'CUSUM',
    'hmm-2': 'Hidden Markov, 2 states',
    'hmm-3': 'Hidden Markov, 3 states',
  },
  noContests: 'Methods were not compared for this symbol and timeframe yet',
  noContestsText:
    'A calibration compares them, every night or when whoever runs the server asks for one with “gatehouse volatility calibrate”.',
  data: (bars: string, from: string, to: string) => `${bars} bars from ${from} to ${to}`,
  limits: 'What these figures do not say',
  limitsList: {
    describes: 'Regimes describe and do not predict: no move, direction or profit follows from one.',
    low: 'Agreement of the published method is about 0.4; low is rare and detected badly.',
    late: 'Detection lags by tens of minutes, and short bursts are missed.',
    local:
      'The distance from the last hours tells what is unusual this afternoon, not what is wild this month.',
    dependent:
      'Regimes of different symbols depend on each other strongly: their scores are no independent evidence.',
  },
} as const

const ja: Said<typeof en> = {
  title: '品質',
  text: 'ここに示すレジームが実際とどれだけ一致したか。首位だけでなく、及ばなかった手法も並べて示します。',
  live: '過去 30 日間に表示したもの',
  liveText: '後から判明するラベルとの一致です。1 は常に正解、常に「通常」と答えると約 0.3 です。',
  noLive: 'まだ測定されていません。表示した足のラベルが確定するまで、約 4 日分のデータが必要です。',
  macro: '一致度（マクロ F1）',
  noInterval: (n) => `n = ${n}：区間を示すには足が少なく、目安にすぎません`,
  skill: '基準率を上回る確信度',
  skillText: 'ブライアスキル：0 は平均を答えるのと同等、1 は完全です。',
  alerts: '1 日の変化回数',
  lag: '検出の遅れ',
  lagBars: (bars) => `${bars} 本`,
  onsets: (found, already, missed) => `遅れて検出 ${found}、直ちに検出 ${already}、見逃し ${missed}`,
  byRegime: 'レジーム別',
  regime: 'レジーム',
  support: 'ラベル付きの足',
  reliability: '確信度は正しいか',
  reliabilityText: '棒が線に届いていれば、確信度は正しかったことになります。',
  said: '確信度',
  agreed: '一致',
  bars: '足の本数',
  ranges: 'ボラティリティの範囲',
  rangesText: '過去 30 日間に示した範囲のうち、実際の値が収まった割合です。',
  held: (of, share) => `${of} の範囲のうち ${share} が収まりました`,
  noRanges:
    '範囲はまだ示されていません。オーナーが適用したこのシンボルの較正と、その後約 1 日分のデータが必要です。',
  contests: '手法の比較',
  contestsText:
    'いずれも学習に使っていない足での結果で、95% 区間付きです。区間が 0 を含む差は、差があるとは言えません。',
  labels: { global: '月全体の水準に対して', local: '直近 1 日の水準に対して' },
  budget: (most) => `学習時の変化は 1 日 ${most} 回まで`,
  method: '手法',
  lead: '既定の手法との差',
  winner: '首位',
  baseline: '基準',
  overBudget: '回数超過',
  methods: {
    'published-fixed': '公表方式・固定（既定）',
    published: '公表方式・再調整',
    'har-gk': 'HAR（Garman–Klass）',
    'rv-level': 'ボラティリティ水準',
    'always-normal': '常に通常',
    percentile: 'パーセンタイル',
    cusum: 'CUSUM',
    'hmm-2': '隠れマルコフ 2 状態',
    'hmm-3': '隠れマルコフ 3 状態',
  },
  noContests: 'このシンボルと時間足では、まだ手法が比較されていません',
  noContestsText:
    '較正時に比較されます。較正は毎晩、またはサーバーの管理者が「gatehouse volatility calibrate」を実行したときに行われます。',
  data: (bars, from, to) => `${from} から ${to} までの ${bars} 本`,
  limits: 'この数値が示さないこと',
  limitsList: {
    describes: 'レジームは現状を示すもので、予測ではありません。値動き、方向、利益を意味しません。',
    low: '公表方式の一致度は約 0.4 です。「低」はまれで、検出精度は低めです。',
    late: '検出は数十分遅れ、短い急変は見逃されます。',
    local:
      '直近数時間からの距離は「今日の午後として異例」を示すもので、「今月として荒れている」ことではありません。',
    dependent: '異なるシンボルのレジームは強く連動します。それぞれの成績は独立した証拠ではありません。',
  },
}

export const translations = { en, ja }
export const qualityWords = inLanguage(translations)
