// What is read from a tunnel's last line.
import { readTunnelState, STATE_MESSAGE } from '../../../../functions/userjobs/tunnel/state';

const line = (state: object): string => JSON.stringify({ time: 'x', level: 'info', message: STATE_MESSAGE, state });

test.each([
  [`${line({ phase: 'connecting' })}\n${line({ phase: 'open', message: 'm' })}\n`, { phase: 'open', message: 'm' }],
  [undefined, undefined],
  ['', undefined],
  [`Error: ${STATE_MESSAGE}`, undefined],
  [line({ phase: 'open' }).slice(0, -5), undefined],
  [JSON.stringify({ message: 'other', text: STATE_MESSAGE }), undefined],
])('%#', (log, expected) => expect(readTunnelState(log)).toEqual(expected));
