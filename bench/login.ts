// A Basic login of a warm instance, against a Token: a remembered password costs no more than a token.
import { interleave, timed } from './instruments/interleave';
import type { Measurement } from './instruments/measurement';
import { compared } from './instruments/statistics';

export const login: Measurement = {
  name: 'login',
  summary: 'a request with a warm Basic login against the same with a Token',
  isLocal: true,
  measure: async (bed) => {
    const [basic, token] = [bed.hub({ login: 'basic' }), bed.hub({ login: 'token' })];
    const { ours, floor } = await interleave(
      {
        ours: async () => timed(async () => basic.knock()),
        floor: async () => timed(async () => token.knock()),
      },
      { warmUp: 100, turns: 100, seconds: 8, pauseMs: 0 },
    );
    return [
      {
        name: 'login',
        ...compared(ours, floor, 'ms'),
        limit: { of: 'ratio', atMost: 1.1 },
        note: 'ours Basic, peer Token; each a request that ends after the login',
      },
    ];
  },
};
