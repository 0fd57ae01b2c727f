import { describe, expect, test } from 'vitest'
import { nextStep, type Phase, type Standing } from './next-step.ts'

const report = { uid: 'ours', durationSeconds: 60 }
const standing = (phase: Phase, changed: Partial<Standing> = {}): Standing => ({
  phase,
  report,
  tracedUid: phase === 'Tracing' || phase === 'Starting' ? 'ours' : undefined,
  setSeconds: phase === 'Tracing' ? 60 : undefined,
  isCalledOff: false,
  toldToLeave: false,
  outputFailed: false,
  ...changed,
})
const told = { toldToLeave: true }
const gone = { report: undefined }

const WAIT = { do: 'wait' }
const stop = (why: string) => ({ do: 'stop', why })

describe('before it traces', () => {
  test.each([
    ['it waits while there is no report', standing('Waiting', gone), WAIT],
    ['it begins when there is one', standing('Waiting'), { do: 'begin' }],
    ['it leaves when it is told, report or not', standing('Waiting', told), { do: 'leave' }],
    ['what is starting goes on', standing('Starting'), WAIT],
    ['what is starting is called off by SIGTERM', standing('Starting', told), { do: 'callOff' }],
    ['and when the report goes', standing('Starting', gone), { do: 'callOff' }],
    ['once', standing('Starting', { ...gone, isCalledOff: true }), WAIT],
  ])('%s', (_, seen, step) => expect(nextStep(seen)).toEqual(step))
})

describe('while it traces', () => {
  const asking = (durationSeconds: number | undefined) => ({ report: { uid: 'ours', durationSeconds } })
  test.each([
    ['it goes on while nothing changes', standing('Tracing'), WAIT],
    ['it goes on until stopped', standing('Tracing', { ...asking(undefined), setSeconds: undefined }), WAIT],
    ['it detaches when the report is gone', standing('Tracing', gone), stop('Deleted')],
    [
      'it detaches when another report has taken its place',
      standing('Tracing', { report: { ...report, uid: 'another' } }),
      stop('Deleted'),
    ],
    ['it detaches at SIGTERM', standing('Tracing', told), stop('Signal')],
    [
      'a report that is gone says more than SIGTERM',
      standing('Tracing', { ...gone, ...told }),
      stop('Deleted'),
    ],
    ['it detaches when nobody takes its events', standing('Tracing', { outputFailed: true }), stop('Signal')],
    ['it detaches when it shall trace no more', standing('Tracing', asking(0)), stop('Deadline')],
    ['it moves its deadline', standing('Tracing', asking(30)), { do: 'setDuration', seconds: 30 }],
    [
      'it forgets its deadline',
      standing('Tracing', asking(undefined)),
      { do: 'setDuration', seconds: undefined },
    ],
  ])('%s', (_, seen, step) => expect(nextStep(seen)).toEqual(step))
})

describe('when it has traced', () => {
  test.each([
    ['it ends what it has begun to end', standing('Ending', told), WAIT],
    ['it stays, so that its log can be read', standing('Ended'), WAIT],
    ['it traces no more, also for another report', standing('Ended', { report: { uid: 'another' } }), WAIT],
    ['it leaves when it is told', standing('Ended', told), { do: 'leave' }],
  ])('%s', (_, seen, step) => expect(nextStep(seen)).toEqual(step))
})
